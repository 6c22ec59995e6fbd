import { column, expect, newSymbol, open, publish, rows, test } from './support/fixtures.ts';
import { expectState } from './support/state-words.ts';
import { STATES } from './support/states.ts';

// Nothing else may have published on this stack when the first begins, which needs empty tapes. The exchange's being
// closed is shown when nothing has come for a minute, most of which passes while data becomes stale.
test.use({ stackOptions: { name: 'outages' } });
const FIRST = ['quiet', 'stale', 'closed_market'];
const outages = Object.keys(STATES).filter(name => STATES[name]!.isOutage && !FIRST.includes(name));

for (const name of [...FIRST, ...outages]) {
  test(`a column says its state, to everyone, in every theme and width: ${name}`, async ({ page, stack, problems }) => {
    // Data is stale half a minute after its last heartbeat, and the exchange closed a minute after its last event.
    test.slow();
    await expectState(name, { page, stack, problems });
  });
}

test('a restart of the Worker is said, and misses nothing', async ({ page, stack, problems }) => {
  problems.allow(/WebSocket connection to .* failed|Failed to load resource/);
  const symbol = newSymbol();
  await open(page, { market: 'open', path: `/?d=sym:${symbol}` });
  await publish(stack, { tier: 'daily', symbol, pattern: 'Before' });
  await expect(rows(page, 'daily')).toHaveCount(1);
  try {
    await stack.edge.stop();
    await expect(column(page, 'daily')).toHaveAttribute('data-state', 'reconnecting');
    await publish(stack, { tier: 'daily', symbol, pattern: 'During' });
  } finally {
    await stack.startEdge();
  }
  await expect(column(page, 'daily')).toHaveAttribute('data-state', 'live', { timeout: 40_000 });
  await publish(stack, { tier: 'daily', symbol, pattern: 'After' });
  for (const pattern of ['Before', 'During', 'After']) {
    await expect(rows(page, 'daily').filter({ hasText: pattern })).toHaveCount(1);
  }
});
