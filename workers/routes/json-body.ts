import type { Context } from 'hono';
import type * as z from 'zod';
import { readBody } from '../body.ts';
import { Problem } from '../problem.ts';
import { firstIssue } from '../user/issues.ts';

/**
 * A request's body as JSON of a schema; of whatever type the sender says that it is.
 * @throws Problem 400 `bad_body` naming the field, 413
 */
export async function readJson<S extends z.ZodType>(c: Context, schema: S, maxBytes: number): Promise<z.infer<S>> {
  const body = await readBody(c.req.raw, maxBytes);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(body));
  } catch {
    throw new Problem(400, 'bad_body', 'the body is not JSON');
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { field, message } = firstIssue(parsed.error);
  throw badBody(field, message);
}

/** A field '' is the whole body. */
export function badBody(field: string, message: string): Problem {
  return new Problem(400, 'bad_body', `${field || 'the body'}: ${message}`, field || undefined);
}
