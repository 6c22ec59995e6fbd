import { html } from 'hono/html';
import type { AsyncApiDocument } from '../asyncapi.ts';
import { example, type Html, inline, prose } from './prose.ts';
import { type JsonSchema, schemaView } from './schema.ts';

type Channels = AsyncApiDocument['channels'];
type Message = AsyncApiDocument['components']['messages'][string];

/** A channel with its messages in both directions. */
export function channelView(document: AsyncApiDocument, name: keyof Channels): Html {
  const channel = document.channels[name];
  const received = messagesOf(document, `${name}_receive`);
  const sent = messagesOf(document, `${name}_send`);
  return html`<article id="${channelId(name)}">
    <h3><a class="anchor" href="#${channelId(name)}"><span class="method">WS</span> <span class="path">${channel.address}</span></a></h3>
    <p class="summary">${channel.title}</p>
    ${prose(channel.description)}
    <h4>What a client sends</h4>
    ${received.map(message => messageView(document, name, message))}
    <h4>What the server sends</h4>
    ${sent.map(message => messageView(document, name, message))}
    <h4>Close codes</h4>
    <dl class="problems">${channel['x-close-codes'].map(
      ({ code, means, reconnect }) =>
        html`<div><dt>${code}</dt><dd>${means}; ${reconnect ? 'come back' : 'do not come back as you are'}</dd></div>`,
    )}</dl>
  </article>`;
}

export function channelId(name: string): string {
  return `ws_${name}`;
}

export function messageId(channel: string, message: string): string {
  return `${channelId(channel)}_${message}`;
}

/** The messages of one of the document's operations. */
export function messagesOf(document: AsyncApiDocument, operation: string): Message[] {
  const { messages } = document.operations[operation]!;
  return messages.map(({ $ref }) => document.components.messages[$ref.slice($ref.lastIndexOf('/') + 1)]!);
}

function messageView(document: AsyncApiDocument, channel: string, message: Message): Html {
  const { name, summary, examples } = message;
  const id = messageId(channel, name);
  return html`<section class="message" id="${id}">
    <h5><a class="anchor" href="#${id}">${name}</a></h5>
    <p>${inline(summary)}</p>
    ${schemaView(document.components.schemas[name] as JsonSchema)}
    ${example(examples[0]!.payload, 'example')}
  </section>`;
}
