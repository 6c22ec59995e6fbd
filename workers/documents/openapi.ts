import { createDocument, type ZodOpenApiOperationObject } from 'zod-openapi';
import { SIGNATURE_HEADER } from '../../shared/ingest-protocol.ts';
import { GUEST_COOKIE, SUBPROTOCOL, TICKET_PREFIX } from '../../shared/limits.ts';
import { COMPONENTS } from './components.ts';
import { problemAnswers } from './problems.ts';
import { type Access, type Content, contentsOf, type Route, TAGS } from './route.ts';
import { ROUTES } from './routes.ts';
import { schemaRules } from './schema-rules.ts';

export type OpenApiDocument = ReturnType<typeof createDocument>;

/**
 * The OpenAPI document of the Worker.
 * @param strict answers have no field beyond those written down. What is published does not say so, as fields may be added.
 */
export function openApiDocument({ strict }: { strict: boolean }): OpenApiDocument {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of ROUTES) {
    paths[route.path] = { ...paths[route.path], [route.method]: operationOf(route) };
  }
  const document = createDocument(
    {
      openapi: '3.1.0',
      info: {
        title: 'TickStock Edge',
        version: '1',
        description: 'Patterns of TickStockPL for browsers and programs.',
      },
      tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
      paths,
      components: { schemas: componentsOf(ROUTES), securitySchemes: SECURITY_SCHEMES },
    },
    schemaRules(strict),
  );
  tidyParameters(document);
  return document;
}

const SECURITY_SCHEMES = {
  bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'Where `AUTH_MODE` is `jwt`.' },
  guest: {
    type: 'apiKey',
    in: 'cookie',
    name: GUEST_COOKIE,
    description: 'Where `AUTH_MODE` is `open`. The first answer sets it.',
  },
  ticket: {
    type: 'apiKey',
    in: 'header',
    name: 'sec-websocket-protocol',
    description: `\`${SUBPROTOCOL}, ${TICKET_PREFIX}<base64url>\`; see \`POST /api/tickets\`.`,
  },
  signature: {
    type: 'apiKey',
    in: 'header',
    name: SIGNATURE_HEADER,
    description: '`t=<epoch ms>,v1=<hex HMAC-SHA256 of "<t>.<body>" under INGEST_SECRET>`',
  },
} as const;

const SECURITY: Record<Access, Record<string, string[]>[]> = {
  anyone: [],
  caller: [{ bearer: [] }, { guest: [] }],
  operator: [{ bearer: [] }, { guest: [] }],
  bridge: [{ signature: [] }],
  'bridge or operator': [{ signature: [] }, { bearer: [] }],
  socket: [{ ticket: [] }, { guest: [] }],
};

function operationOf(route: Route): ZodOpenApiOperationObject {
  const { method, path, tag, summary, description, access, inPath, query, headers, body, answer, also = [] } = route;
  return {
    operationId: operationId(method, path),
    tags: [tag],
    summary,
    ...(description && { description }),
    security: SECURITY[access],
    requestParams: { ...(inPath && { path: inPath }), ...(query && { query }), ...(headers && { header: headers }) },
    ...(body && { requestBody: { required: !body.optional, content: json(body) } }),
    responses: {
      ...Object.assign({}, ...[answer, ...also].map(wellAnswer)),
      ...(route.kept && NOT_MODIFIED),
      ...problemAnswers(route),
    },
  };
}

const NOT_MODIFIED = { 304: { description: 'What the request’s `if-none-match` names is still so.' } };

function wellAnswer(answer: Route['answer']) {
  const { description } = answer;
  if ('schema' in answer) return { [answer.status ?? 200]: { description, content: json(answer) } };
  const { status, mediaType } = answer;
  return { [status]: { description, ...(mediaType && { content: { [mediaType]: { schema: { type: 'string' } } } }) } };
}

/** E.g. `get_patterns_by_tier_count`. */
function operationId(method: string, path: string): string {
  const words = path
    .replace('/api/', '')
    .replaceAll(/\{(\w+)\}/g, 'by_$1')
    .split(/\W+/)
    .filter(Boolean);
  return [method, ...words].join('_');
}

function json({ schema, example }: Content) {
  return { 'application/json': { schema, example } };
}

function componentsOf(routes: readonly Route[]): Record<string, Content['schema']> {
  const own = routes.flatMap(contentsOf).map(({ name, schema }) => [name, schema]);
  return { ...COMPONENTS, ...Object.fromEntries(own) };
}

/** A list in a query is one parameter, separated by commas. */
function tidyParameters({ paths }: OpenApiDocument): void {
  for (const path of Object.values(paths ?? {})) {
    for (const operation of Object.values(path as Record<string, { parameters?: Parameter[] }>)) {
      for (const parameter of operation.parameters ?? []) {
        // What it is for is told once.
        delete parameter.schema?.description;
        if (parameter.schema?.type === 'array') Object.assign(parameter, { style: 'form', explode: false });
      }
    }
  }
}

interface Parameter {
  schema?: { type?: string; description?: string };
}
