import { HTTPException } from 'hono/http-exception';

/** Statuses that a problem document is answered with. */
export type ProblemStatus = 400 | 401 | 403 | 404 | 409 | 413 | 422 | 426 | 429 | 500 | 503;

/**
 * An error that the caller is told of as an RFC 9457 problem document, e.g.
 * `{"type":"about:blank","title":"bad_parameter","status":400,"detail":"limit: expected at most 200","field":"limit"}`.
 */
export class Problem extends HTTPException {
  constructor(
    status: ProblemStatus,
    title: string,
    detail: string,
    field?: string,
    headers: Record<string, string> = {},
  ) {
    super(status, { message: detail, res: problemResponse(status, title, detail, field, headers) });
  }
}

export function problemResponse(
  status: ProblemStatus,
  title: string,
  detail: string,
  field?: string,
  headers: Record<string, string> = {},
): Response {
  const document = { type: 'about:blank', title, status, detail, ...(field !== undefined && { field }) };
  return Response.json(document, { status, headers: { ...headers, 'content-type': 'application/problem+json' } });
}
