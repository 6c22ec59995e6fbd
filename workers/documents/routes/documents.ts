import * as z from 'zod';
import type { Route } from '../route.ts';

const common = { method: 'get', tag: 'Documents', access: 'anyone', kept: true } as const;

export const documents: Route[] = [
  {
    ...common,
    path: '/api/docs',
    summary: 'This reference, as a page',
    answer: { status: 200, mediaType: 'text/html', description: 'The page.' },
  },
  {
    ...common,
    path: '/api/openapi.json',
    summary: 'All routes, as OpenAPI 3.1',
    answer: {
      name: 'OpenApiDocument',
      schema: z.looseObject({ openapi: z.literal('3.1.0') }),
      example: { openapi: '3.1.0' },
      description: 'The document.',
    },
  },
  {
    ...common,
    path: '/api/asyncapi.json',
    summary: 'All WebSocket frames, as AsyncAPI 3',
    answer: {
      name: 'AsyncApiDocument',
      schema: z.looseObject({ asyncapi: z.literal('3.0.0') }),
      example: { asyncapi: '3.0.0' },
      description: 'The document.',
    },
  },
];
