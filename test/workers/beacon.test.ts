import { evictDurableObject, reset } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { afterEach, describe, expect, it } from 'vitest';
import { beaconAnswerSchema } from '../../shared/api/beacon.ts';
import { type Operations, operationsSchema } from '../../shared/api/operations.ts';
import type { Beacon } from '../../shared/requests/beacon.ts';
import { get } from './support/get.ts';

afterEach(reset);

function post(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return exports.default.fetch('http://edge.test/api/beacon', {
    method: 'POST',
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}
const report = (changes: Partial<Beacon> = {}): Beacon => ({
  receipt_ms: [4, 30],
  paint_ms: [12, 16.5],
  uncertainty_ms: 1.5,
  ...changes,
});

async function browsers() {
  const { body } = await get<Operations>('/api/operations');
  const { bounds_ms } = body;
  const { receipt_ms, paint_ms, ...rest } = operationsSchema.parse(body).browsers!;
  const atMost = (cumulative: number[], ms: number) => cumulative[bounds_ms.indexOf(ms)];
  return {
    ...rest,
    receipt: [5, 50].map(ms => atMost(receipt_ms.cumulative, ms)),
    paint: [5, 25].map(ms => atMost(paint_ms.cumulative, ms)),
  };
}

describe('POST /api/beacon', () => {
  it('is told by no browser at first, and then by each that reports, also after its hub has slept', async () => {
    expect(await browsers()).toEqual({ reports: 0, uncertain: 0, last_at_ms: null, receipt: [0, 0], paint: [0, 0] });
    // As navigator.sendBeacon does: text, and nothing else said of it.
    const answer = await post(report(), { 'content-type': 'text/plain;charset=UTF-8' });
    expect(answer.status).toBe(202);
    expect(beaconAnswerSchema.parse(await answer.json())).toEqual({ next_after_ms: 60_000 });
    await evictDurableObject(env.HUB.getByName('system'));
    await post(report({ paint_ms: [1] }));
    expect(await browsers()).toMatchObject({ reports: 2, uncertain: 0, receipt: [2, 4], paint: [1, 3] });
  });

  it('counts what a browser says of receipt only if its clock is known to 25 ms', async () => {
    await post(report({ uncertainty_ms: 25.1 }));
    await post(report({ receipt_ms: [], uncertainty_ms: null }));
    expect(await browsers()).toMatchObject({ reports: 2, uncertain: 2, receipt: [0, 0], paint: [0, 4] });
  });

  it.each([
    ['not JSON', '{', undefined],
    ['a time before it was sent', report({ paint_ms: [-1] }), 'paint_ms.0'],
    ['too much', report({ receipt_ms: new Array(51).fill(1) }), 'receipt_ms'],
    ['who it is', { ...report(), user: 'me' }, 'user'],
    ['nothing', {}, 'receipt_ms'],
  ])('refuses %s, naming the field', async (_, body, field) => {
    const answer = await post(body);
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { field?: string }).field).toBe(field);
    expect((await browsers()).reports).toBe(0);
  });

  it('refuses what is larger than a report, and pages of other origins', async () => {
    expect((await post(`"${'x'.repeat(5_000)}"`)).status).toBe(413);
    expect((await post(report(), { origin: 'https://evil.test' })).status).toBe(403);
    expect((await browsers()).reports).toBe(0);
  });
});
