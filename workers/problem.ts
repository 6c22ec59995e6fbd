import { HTTPException } from 'hono/http-exception';

/** Statuses that a problem document is answered with. */
export type ProblemStatus = 400 | 401 | 403 | 404 | 409 | 413 | 422 | 426 | 429 | 500 | 503;

/**
 * An error that the caller is told of as an RFC 9457 problem document, e.g.
 * `{"type":"about:blank","title":"bad_parameter","status":400,"detail":"limit: expected at most 200","field":"limit"}`.
 */
export class Problem extends HTTPException {
  /** @param extension what the document says besides */
  constructor(
    status: ProblemStatus,
    title: string,
    detail: string,
    field?: string,
    headers: Record<string, string> = {},
    extension: Record<string, number> = {},
  ) {
    super(status, { message: detail, res: problemResponse(status, title, detail, field, headers, extension) });
  }
}

export function problemResponse(
  status: ProblemStatus,
  title: string,
  detail: string,
  field?: string,
  headers: Record<string, string> = {},
  extension: Record<string, number> = {},
): Response {
  const document = { type: 'about:blank', title, status, detail, ...(field !== undefined && { field }), ...extension };
  return Response.json(document, { status, headers: { ...headers, 'content-type': 'application/problem+json' } });
}
