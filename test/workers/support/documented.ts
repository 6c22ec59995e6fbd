import { reset } from 'cloudflare:test';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { app } from '../../../workers/app.ts';

/** Every documented answer that this file has seen, as `get /api/patterns/{tier} 200`. */
export const seenAnswers = new Set<string>();

const faults: string[] = [];
const WRITTEN_DOWN = /^\/(api|ws|ingest|metrics)(\/|$)/;

// Whatever a test asks of the Worker is answered as the documents say.
const answer = app.fetch;
app.fetch = async (request, ...rest) => {
  const response = await answer(request, ...rest);
  await check(request, response);
  return response;
};

// Files share a workerd, one after another: each begins with nothing stored and ends as it began.
beforeAll(() => reset());
afterAll(() => {
  app.fetch = answer;
});

afterEach(() => {
  expect(faults.splice(0), 'answers that are otherwise than written down').toEqual([]);
});

async function check(request: Request, response: Response): Promise<void> {
  const { pathname } = new URL(request.url);
  if (!WRITTEN_DOWN.test(pathname) || request.method === 'OPTIONS' || request.method === 'HEAD') return;
  const contentType = response.headers.get('content-type');
  // Only where something is asked: many files do not.
  const { checkAnswer } = await import('../../support/documented-answers.ts');
  const checked = checkAnswer({
    method: request.method.toLowerCase(),
    path: pathname,
    status: response.status,
    contentType,
    body: contentType?.includes('json') ? await response.clone().json() : undefined,
  });
  faults.push(...checked.faults);
  if (checked.name !== null && checked.faults.length === 0) seenAnswers.add(checked.name);
}
