import { createDocument } from 'zod-openapi';
import { CLOSE_CODES } from '../../shared/codes.ts';
import { eventSchema } from '../../shared/events.ts';
import { filterSchema } from '../../shared/filter-schema.ts';
import { GUEST_COOKIE, SUBPROTOCOL, TICKET_PREFIX } from '../../shared/limits.ts';
import { TOPICS, USER_TOPIC } from '../../shared/topics.ts';
import { userChangeSchema } from '../../shared/user-data.ts';
import { type Frame, TOPIC_FRAMES, USER_FRAMES } from './frames.ts';
import { schemaRules } from './schema-rules.ts';

export type AsyncApiDocument = ReturnType<typeof asyncApiDocument>;

/**
 * The AsyncAPI document of the Worker's WebSockets; it sends what the server sends.
 * @param strict frames of the server have no field beyond those written down; what is published does not say so
 */
export function asyncApiDocument({ strict }: { strict: boolean }) {
  const frames = [...new Set([...TOPIC_FRAMES, ...USER_FRAMES])];
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'TickStock Edge, WebSockets',
      version: '1',
      description:
        'Text frames of JSON, no compression. A client that keeps a position and resumes from it misses nothing: see ' +
        '“Positions” in docs/protocol.md.',
    },
    defaultContentType: 'application/json',
    servers: {
      edge: {
        host: '{host}',
        protocol: 'wss',
        description: 'The Worker; `ws` where it is run locally.',
        variables: { host: { default: 'localhost:8787', description: 'Where the Worker is.' } },
        security: [{ $ref: '#/components/securitySchemes/ticket' }, { $ref: '#/components/securitySchemes/guest' }],
      },
    },
    channels: {
      topic: {
        address: '/ws/{topic}',
        title: 'A topic',
        description: 'Stored and live events of a topic, by subscription.',
        parameters: {
          topic: { enum: [...TOPICS], description: 'A tier, or `system` for what is about the producer.' },
        },
        messages: messagesOf(TOPIC_FRAMES),
        bindings: BINDINGS,
        'x-close-codes': CLOSES,
      },
      me: {
        address: `/ws/${USER_TOPIC}`,
        title: 'What is the user’s own',
        description: 'Subscriptions, views, stars, mutes and settings, and every change of them.',
        messages: messagesOf(USER_FRAMES),
        bindings: BINDINGS,
        'x-close-codes': CLOSES,
      },
    },
    operations: {
      ...operationsOf('topic', TOPIC_FRAMES),
      ...operationsOf('me', USER_FRAMES),
    },
    components: {
      messages: Object.fromEntries(frames.map(frame => [frame.name, messageOf(frame)])),
      schemas: schemasOf(frames, strict),
      securitySchemes: {
        ticket: {
          type: 'httpApiKey',
          in: 'header',
          name: 'Sec-WebSocket-Protocol',
          description: `A ticket of \`POST /api/tickets\`, offered as \`${TICKET_PREFIX}<base64url>\` beside \`${SUBPROTOCOL}\`. Needed where \`AUTH_MODE\` is \`jwt\`.`,
        },
        guest: {
          type: 'httpApiKey',
          in: 'cookie',
          name: GUEST_COOKIE,
          description: 'Says which guest it is where `AUTH_MODE` is `open`; without one it is a new guest.',
        },
      },
    },
  };
}

/** What an upgrade offers. */
const BINDINGS = {
  ws: {
    method: 'GET',
    headers: {
      type: 'object',
      properties: {
        'Sec-WebSocket-Protocol': {
          type: 'string',
          description: `\`${SUBPROTOCOL}\`, and a ticket beside it where one is needed; a ticket is never echoed.`,
          examples: [SUBPROTOCOL, `${SUBPROTOCOL}, ${TICKET_PREFIX}eyJ1c2Vy…`],
        },
      },
    },
    bindingVersion: '0.1.0',
  },
};

const CLOSES = Object.values(CLOSE_CODES).map(({ code, means, ...then }) => ({
  code,
  means,
  reconnect: then.reconnect,
  ...('afterMs' in then && { after_ms: then.afterMs }),
}));

function messagesOf(frames: readonly Frame[]) {
  return Object.fromEntries(frames.map(({ name }) => [name, { $ref: `#/components/messages/${name}` }]));
}

function messageOf({ name, summary, example }: Frame) {
  const isText = typeof example === 'string';
  return {
    name,
    title: name,
    summary,
    ...(isText && { contentType: 'text/plain' }),
    payload: { $ref: `#/components/schemas/${name}` },
    examples: [{ payload: example }],
  };
}

/** The Worker receives what clients send, and sends what they get. */
function operationsOf(channel: string, frames: readonly Frame[]) {
  const of = (sentBy: Frame['sentBy']) =>
    frames
      .filter(frame => frame.sentBy === sentBy)
      .map(({ name }) => ({ $ref: `#/channels/${channel}/messages/${name}` }));
  const at = { channel: { $ref: `#/channels/${channel}` } };
  return {
    [`${channel}_receive`]: { ...at, action: 'receive', summary: 'What a client sends.', messages: of('client') },
    [`${channel}_send`]: { ...at, action: 'send', summary: 'What the server sends.', messages: of('server') },
  };
}

function schemasOf(frames: readonly Frame[], strict: boolean) {
  const own = frames.map(({ name, schema }) => [name, schema]);
  const shared = { Event: eventSchema, Filter: filterSchema, UserItem: userChangeSchema };
  const { components } = createDocument(
    {
      openapi: '3.1.0',
      info: { title: '', version: '' },
      components: { schemas: { ...shared, ...Object.fromEntries(own) } },
    },
    schemaRules(strict),
  );
  return components!.schemas!;
}
