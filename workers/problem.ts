import { HTTPException } from 'hono/http-exception';
import type { ProblemTitle } from '../shared/api/problem.ts';

/** Statuses that a problem document is answered with. */
export type ProblemStatus = 400 | 401 | 403 | 404 | 409 | 413 | 422 | 426 | 429 | 500 | 503;

/** What few problems have. */
interface Besides {
  headers?: Record<string, string>;
  /** Members of the document's own. */
  extension?: Record<string, unknown>;
}

/**
 * An error that the caller is told of as an RFC 9457 problem document, e.g.
 * `{"type":"about:blank","title":"bad_parameter","status":400,"detail":"limit: expected at most 200","field":"limit"}`.
 */
export class Problem extends HTTPException {
  constructor(status: ProblemStatus, title: ProblemTitle, detail: string, field?: string, besides: Besides = {}) {
    super(status, { message: detail, res: problemResponse(status, title, detail, field, besides) });
  }
}

export function problemResponse(
  status: ProblemStatus,
  title: ProblemTitle,
  detail: string,
  field?: string,
  { headers, extension }: Besides = {},
): Response {
  const document = { type: 'about:blank', title, status, detail, ...(field !== undefined && { field }), ...extension };
  return Response.json(document, { status, headers: { ...headers, 'content-type': 'application/problem+json' } });
}
