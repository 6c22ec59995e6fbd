import { html } from 'hono/html';
import type { AsyncApiDocument } from '../asyncapi.ts';
import type { OpenApiDocument } from '../openapi.ts';
import { channelId, channelView, messageId, messagesOf } from './channel.ts';
import { operationsOf, operationView, type Place } from './operation.ts';
import { type Html, prose } from './prose.ts';
import { type JsonSchema, schemaView } from './schema.ts';

interface Documents {
  openapi: OpenApiDocument;
  asyncapi: AsyncApiDocument;
}

/** Both documents as one page that needs no script. `styles` is where its style sheet is. */
export function referencePage(documents: Documents, { styles }: { styles: string }): string {
  const { openapi, asyncapi } = documents;
  const places = operationsOf(openapi);
  const tags = (openapi.tags ?? []).filter(({ name }) => places.some(({ operation }) => operation.tags[0] === name));
  const all = Object.entries({ ...asyncapi.components.schemas, ...openapi.components?.schemas }) as [
    string,
    JsonSchema,
  ][];
  // Those of frames stand with their frames.
  const schemas = all.filter(([name]) => !(name in asyncapi.components.messages));
  return String(html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>TickStock Edge: API reference</title>
    <meta name="description" content="Routes and WebSockets of TickStock Edge" />
    <script src="/theme.js"></script>
    <link rel="icon" href="/favicon.svg" />
    <link rel="stylesheet" href="${styles}" />
  </head>
  <body>
    <a class="skip" href="#reference">To the reference</a>
    <header>
      <h1>TickStock Edge <span>API reference</span></h1>
      <p><a href="/api/openapi.json">OpenAPI 3.1</a><a href="/api/asyncapi.json">AsyncAPI 3</a><a href="/">Dashboard</a></p>
    </header>
    <nav aria-label="Contents">${contents(tags, places, asyncapi)}</nav>
    <main id="reference" tabindex="-1">
      <section id="access">
        <h2>Access</h2>
        <dl class="schemes">${schemes(openapi)}</dl>
      </section>
      ${tags.map(
        ({ name, description }) => html`<section id="${tagId(name)}">
        <h2>${name}</h2>
        ${prose(description)}
        ${places.filter(({ operation }) => operation.tags[0] === name).map(operationView)}
      </section>`,
      )}
      <section id="websockets">
        <h2>WebSockets</h2>
        ${prose(asyncapi.info.description)}
        ${channelView(asyncapi, 'topic')}
        ${channelView(asyncapi, 'me')}
      </section>
      <section id="schemas">
        <h2>Schemas</h2>
        ${schemas.map(
          ([name, schema]) =>
            html`<article id="schema-${name}"><h3><a class="anchor" href="#schema-${name}">${name}</a></h3>${schemaView(schema)}</article>`,
        )}
      </section>
    </main>
  </body>
</html>
`);
}

function contents(tags: { name: string }[], places: Place[], asyncapi: AsyncApiDocument): Html {
  const channels = ['topic', 'me'] as const;
  return html`<ul>
    <li><a href="#access">Access</a></li>
    ${tags.map(
      ({ name }) =>
        html`<li><a href="#${tagId(name)}">${name}</a><ul>${places
          .filter(({ operation }) => operation.tags[0] === name)
          .map(
            ({ method, path, operation }) =>
              html`<li><a href="#${operation.operationId}"><span class="method">${method.toUpperCase()}</span> ${path.replace('/api', '')}</a></li>`,
          )}</ul></li>`,
    )}
    ${channels.map(
      name =>
        html`<li><a href="#${channelId(name)}">${asyncapi.channels[name].address}</a><ul>${[
          ...messagesOf(asyncapi, `${name}_receive`),
          ...messagesOf(asyncapi, `${name}_send`),
        ].map(message => html`<li><a href="#${messageId(name, message.name)}">${message.name}</a></li>`)}</ul></li>`,
    )}
    <li><a href="#schemas">Schemas</a></li>
  </ul>`;
}

function schemes({ components }: OpenApiDocument): Html {
  const all = Object.entries(components?.securitySchemes ?? {}) as [string, { description: string }][];
  return html`${all.map(
    ([name, { description }]) => html`<div id="security-${name}"><dt>${name}</dt><dd>${prose(description)}</dd></div>`,
  )}`;
}

function tagId(name: string): string {
  return `tag-${name.toLowerCase().replaceAll(' ', '-')}`;
}
