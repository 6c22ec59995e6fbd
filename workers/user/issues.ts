import type * as z from 'zod';

/** Where the first mistake is, e.g. `changes.3.value.name`, and what it is. Field '' = the whole. */
export function firstIssue(error: z.ZodError): { field: string; message: string } {
  const issue = error.issues[0]!;
  const isUnknown = issue.code === 'unrecognized_keys';
  const path = isUnknown ? [...issue.path, issue.keys[0]!] : issue.path;
  return { field: path.join('.'), message: isUnknown ? 'there is no such field' : issue.message };
}
