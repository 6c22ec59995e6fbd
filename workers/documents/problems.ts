import type { ZodOpenApiResponsesObject } from 'zod-openapi';
import { PROBLEMS, type ProblemTitle } from '../../shared/api/problem.ts';
import type { Access, Route } from './route.ts';

/** Those that say more than others, with their schemas' names. */
const OWN_SCHEMAS: Partial<Record<ProblemTitle, string>> = {
  clock_skew: 'ClockSkewProblem',
  revision_conflict: 'RevisionConflict',
};

const OF_EVERY_ROUTE = ['credentials_in_url', 'internal_error', 'misconfigured'] as const;
const OF_CALLERS = ['bad_token', 'token_expired', 'keys_unavailable', 'rate_limited'] as const;
const OF_SIGNED_BODIES = ['bad_signature', 'clock_skew', 'too_large', 'schema'] as const;
const OF_ACCESS: Record<Access, readonly ProblemTitle[]> = {
  anyone: [],
  caller: OF_CALLERS,
  operator: [...OF_CALLERS, 'admin_only'],
  bridge: OF_SIGNED_BODIES,
  'bridge or operator': [...OF_SIGNED_BODIES, 'bad_token', 'token_expired', 'keys_unavailable', 'admin_only'],
  socket: [],
};

const RETRY_AFTER = { 'retry-after': 'Seconds until another try makes sense, where that is known.' };
/** Headers that come with some problems, by status. */
const HEADERS: Record<number, Record<string, string>> = {
  401: { 'www-authenticate': 'What is wrong with the token.' },
  429: RETRY_AFTER,
  503: RETRY_AFTER,
};

/** The problems that a route can be answered with, by status. */
export function problemAnswers(route: Route): ZodOpenApiResponsesObject {
  const byStatus = Map.groupBy(titlesOf(route), title => PROBLEMS[title].status);
  return Object.fromEntries(
    [...byStatus].sort(([a], [b]) => a - b).map(([status, titles]) => [status, answer(status, titles, route.extended)]),
  );
}

function titlesOf({ access, method, problems = [] }: Route): ProblemTitle[] {
  const changes = access === 'caller' && method !== 'get' ? (['foreign_origin'] as const) : [];
  return [...new Set([...problems, ...OF_ACCESS[access], ...changes, ...OF_EVERY_ROUTE])];
}

function answer(status: number, titles: readonly ProblemTitle[], extended: Route['extended'] = {}) {
  const plain = titles.filter(title => !OWN_SCHEMAS[title]);
  const schemas = [
    ...(plain.length > 0 ? [{ allOf: [ref('Problem'), { properties: { title: { enum: plain } } }] }] : []),
    ...titles.flatMap(title => OWN_SCHEMAS[title] ?? extended[title] ?? []).map(ref),
  ];
  return {
    description: titles.map(title => `- \`${title}\`: ${PROBLEMS[title].when}`).join('\n'),
    ...(HEADERS[status] && { headers: headersOf(HEADERS[status]) }),
    content: { 'application/problem+json': { schema: schemas.length > 1 ? { anyOf: schemas } : schemas[0]! } },
  };
}

function headersOf(words: Record<string, string>) {
  return Object.fromEntries(
    Object.entries(words).map(([name, description]) => [name, { description, schema: { type: 'string' as const } }]),
  );
}

function ref(name: string) {
  return { $ref: `#/components/schemas/${name}` };
}
