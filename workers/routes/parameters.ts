import type { Context } from 'hono';
import type * as z from 'zod';
import { Problem } from '../problem.ts';

/**
 * The query parameters, checked. One that the route does not have is refused too: misspelt, it would change nothing
 * and nobody would notice.
 * @throws Problem 400 naming the parameter
 */
export function readQuery<S extends z.ZodType>(c: Context, schema: S): z.infer<S> {
  const parsed = schema.safeParse(c.req.query());
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const field = issue.code === 'unrecognized_keys' ? issue.keys[0]! : issue.path.join('.');
  const detail = issue.code === 'unrecognized_keys' ? 'no such parameter here' : issue.message;
  throw new Problem(400, 'bad_parameter', `${field}: ${detail}`, field);
}
