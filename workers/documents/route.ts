import * as z from 'zod';
import type { ProblemTitle } from '../../shared/api/problem.ts';

/** Who may ask: `caller` is whoever a token or a cookie names, `operator` a caller with the role `admin`. */
export type Access = 'anyone' | 'caller' | 'operator' | 'bridge' | 'bridge or operator' | 'socket';

/** One route of the Worker, as it is written down. */
export interface Route {
  method: 'get' | 'put' | 'post' | 'delete';
  /** As OpenAPI writes it, e.g. `/api/patterns/{tier}`. */
  path: string;
  tag: Tag;
  access: Access;
  summary: string;
  description?: string;
  /** What the path and the query take, each with words for every parameter: see `described`. */
  inPath?: z.ZodObject;
  query?: z.ZodObject;
  headers?: z.ZodObject;
  body?: Content & { optional?: true };
  answer: JsonAnswer | OtherAnswer;
  /** Besides it, where a route can do well in several ways. */
  also?: JsonAnswer[];
  /** It has an entity tag, and is not sent again to who has it. */
  kept?: true;
  /** What can be wrong, beyond what is of every route with this access. */
  problems?: readonly ProblemTitle[];
  /** Of those, which can say more here than others do: the name of that schema in `COMPONENTS`. */
  extended?: Partial<Record<ProblemTitle, string>>;
}

/** A body: the schema that checks it, or that its type comes from, and one that passes. */
export interface Content {
  /** Under which it is found among the document's schemas. */
  name: string;
  schema: z.ZodType;
  example: unknown;
}

/** What is answered when all is well. */
export interface JsonAnswer extends Content {
  /** Default 200. */
  status?: 200 | 201 | 202;
  description: string;
}

/** An answer that is no JSON. */
export interface OtherAnswer {
  status: 101 | 200;
  mediaType?: string;
  description: string;
}

export const TAGS = {
  Patterns: 'What is stored, and what it amounts to.',
  'Reference data': 'What to complete, to choose from, and to compare with.',
  Live: 'WebSockets, and the tickets that open them. What they carry is in the AsyncAPI document.',
  User: 'What is kept of who asks.',
  Health: 'Whether data flows, and why not.',
  Operations: 'What operators do and look into.',
  Ingest: 'What a bridge posts.',
  Documents: 'These documents.',
} as const;
export type Tag = keyof typeof TAGS;

/** The very schema of some parameters, with words for each: none is left out, and none that is gone is still told of. */
export function described<S extends z.core.$ZodShape>(
  schema: z.ZodObject<S>,
  words: { [K in keyof S]: string },
): z.ZodObject {
  const shape = Object.entries(schema.shape).map(([name, parameter]) => {
    const description = words[name as keyof S];
    return [name, (parameter as z.ZodType).meta({ description })] as const;
  });
  return z.strictObject(Object.fromEntries(shape));
}

/** The bodies that a route takes and answers with. */
export function contentsOf({ body, answer, also = [] }: Route): Content[] {
  return [...(body ? [body] : []), ...('schema' in answer ? [answer] : []), ...also];
}
