import { html } from 'hono/html';
import type { OpenApiDocument } from '../openapi.ts';
import { example, type Html, inline, prose } from './prose.ts';
import { type JsonSchema, schemaView, typeOf } from './schema.ts';

/** What of an operation the page shows. */
export interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  security: Record<string, string[]>[];
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema: JsonSchema }[];
  requestBody?: { required: boolean; content: Content };
  responses: Record<string, { description: string; content?: Content }>;
}

type Content = Record<string, { schema: JsonSchema; example?: unknown }>;

export interface Place {
  method: string;
  path: string;
  operation: Operation;
}

export function operationsOf({ paths = {} }: OpenApiDocument): Place[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Operation>).map(([method, operation]) => ({ method, path, operation })),
  );
}

export function operationView({ method, path, operation }: Place): Html {
  const { operationId, summary, description, security, parameters = [], requestBody, responses } = operation;
  const [well = [], ...problems] = [
    Object.entries(responses).filter(([status]) => Number(status) < 400),
    ...Object.entries(responses)
      .filter(([status]) => Number(status) >= 400)
      .map(answer => [answer]),
  ];
  return html`<article id="${operationId}">
    <h3><a class="anchor" href="#${operationId}"><span class="method">${method.toUpperCase()}</span> <span class="path">${path}</span></a></h3>
    <p class="summary">${inline(summary)}</p>
    ${prose(description)}
    <p class="access">${access(security)}</p>
    ${parameters.length > 0 ? html`<h4>Parameters</h4>${parametersView(parameters)}` : ''}
    ${requestBody ? html`<h4>Body${requestBody.required ? '' : html` <span class="optional">optional</span>`}</h4>${contentView(requestBody.content)}` : ''}
    ${well.map(([status, answer]) => html`<h4>${status}</h4>${prose(answer.description)}${answer.content ? contentView(answer.content) : ''}`)}
    <details><summary>Problems</summary>
      <dl class="problems">${problems.flat().map(([status, answer]) => html`<div><dt>${status}</dt><dd>${prose(answer.description)}</dd></div>`)}</dl>
    </details>
  </article>`;
}

function parametersView(parameters: NonNullable<Operation['parameters']>): Html {
  return html`<ul class="fields">${parameters.map(
    ({ name, in: where, required, description = '', schema }) => html`<li>
      <code class="name">${name}</code>
      <span class="type">${typeOf(schema)}</span>
      ${where === 'path' ? html`<span class="optional">in the path</span>` : required ? '' : html`<span class="optional">optional</span>`}
      <span class="words">${inline(description)}</span>
    </li>`,
  )}</ul>`;
}

function contentView(content: Content): Html {
  return html`${Object.entries(content).map(
    ([type, { schema, example: shown }]) =>
      html`${schemaView(schema)}${shown === undefined ? '' : example(shown, type)}`,
  )}`;
}

function access(security: Operation['security']): Html {
  const schemes = security.flatMap(Object.keys);
  if (schemes.length === 0) return html`For anyone.`;
  return html`Needs ${schemes.map((name, at) => html`${at === 0 ? '' : ' or '}<a href="#security-${name}">${name}</a>`)}.`;
}
