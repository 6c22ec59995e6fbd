import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bundleEdge } from '../../bridge/local/edge.ts';
import { BREAKABLE_WORKER, describeFailure, runPlans } from '../chaos/run-plan.ts';

const PLANS = 20;
const AT_ONCE = 3;

it('delivers every event once or tells its absence, whatever part is killed, cut, slowed or set back', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'tickstock-chaos-'));
  try {
    const bundle = await bundleEdge(dataDir, BREAKABLE_WORKER);
    const verdicts = await runPlans(
      Array.from({ length: PLANS }, (_, i) => i + 1),
      { bundle, atOnce: AT_ONCE },
    );
    const failed = verdicts.filter(({ breaches }) => breaches.length > 0);
    expect(failed.map(describeFailure).join('\n')).toBe('');
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}, 300_000);
