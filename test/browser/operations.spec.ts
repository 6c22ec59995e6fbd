import type { Stack } from '../support/stack.ts';
import { axeEverywhere, expect, newSymbol, open, publish, rows, test } from './support/fixtures.ts';
import { CHANNEL, lane, openOperations } from './support/operations-states.ts';

test('tells within five seconds which field a producer has renamed, on which channel, and how often', async ({
  page,
  stack,
}) => {
  await openOperations(page);
  await expect(page.locator(`[data-channel="${CHANNEL}"]`)).toBeVisible();
  const before = await rejectsOf(stack);
  const message = { event_type: 'pattern_detected', patern: 'Doji', symbol: 'NVDA', confidence: 0.9 };
  for (let times = 0; times < 3; times++) await stack.publish(CHANNEL, message);
  const row = page.locator(`[data-reject="${CHANNEL}"][data-field=pattern]`);
  await expect(row).toContainText(
    'no pattern, pattern_type or pattern_name; the message has: event_type, patern, symbol, confidence. "patern" may be meant',
    { timeout: 5_000 },
  );
  await expect(row.locator('td').nth(1)).toHaveText(String(before + 3));
  await row.locator('summary').click();
  await expect(row.locator('pre')).toHaveText(JSON.stringify(message));
});

test('shows how each part of the way does, who listens to what, who is connected, and what browsers report', async ({
  page,
  stack,
}) => {
  const symbol = newSymbol();
  const reported = page.waitForResponse(response => response.url().endsWith('/api/beacon'), { timeout: 30_000 });
  await open(page, { market: 'open', path: `/?d=sym:${symbol}` });
  await publish(stack, { tier: 'daily', symbol, detection_timestamp: Date.now() / 1_000 });
  await expect(rows(page, 'daily')).toHaveCount(1);
  expect((await reported).status()).toBe(202);

  await page.keyboard.press('g');
  await page.keyboard.press('a');
  for (const id of ['producer', 'redis', 'bridge', 'worker', 'hub', 'browser']) {
    await expect(lane(page, id)).toHaveAttribute('data-lane-state', /^(ok|warn)$/);
  }
  await expect(lane(page, 'redis')).toContainText(/Subscribed\s*31 of 31|Subscribed\s*\d+ of \d+/);
  await expect(lane(page, 'bridge')).toContainText(/Heartbeat\s*\d+ s ago/);
  await expect(lane(page, 'browser')).toContainText(/Receipt to paint\s*p50 ≤ \d/);
  // What comes while somebody looks is what rates and percentiles are of.
  await publish(stack, { tier: 'daily', symbol });
  await expect(lane(page, 'worker')).toContainText(/Worker to hub\s*p50 ≤ .* n=\d+; budget 20 ms/);
  await expect(lane(page, 'hub')).toContainText(/Deliveries\s*[\d.]+\/min/);

  const channel = page.locator(`[data-channel="${CHANNEL}"]`);
  await expect(channel).toContainText('pattern, daily');
  await expect(channel).toContainText('flat', { timeout: 20_000 });
  await expect(channel).toContainText(/\d+ s ago/);
  const session = page.locator('[data-session]').filter({ hasText: 'daily' });
  await expect(session.first()).toContainText('live');
  await session.locator('summary').first().click();
  await expect(page.locator('.ops-section').last()).toContainText('Held while you read');
  await expect(page.locator('[data-hub=daily]')).toContainText(/ok|degraded/);

  // A pause stops it, as it stops everything.
  await page.locator('h2:visible').first().focus();
  await page.keyboard.press('Space');
  await expect(page.locator('.ops-fresh')).toContainText('paused');
});

test('says what a bridge that is gone means, and what is not known', async ({ page }) => {
  await page.route('**/api/operations', async route => {
    const response = await route.fetch();
    const json = await response.json();
    for (const hub of Object.values<Record<string, unknown>>(json.hubs)) {
      Object.assign(hub, { bridges: [], heartbeat_age_ms: 48_000 });
    }
    json.browsers = { ...json.browsers, reports: 0, last_at_ms: null };
    json.hubs.combo = { topic: 'combo', error: 'the hub gave no answer' };
    await route.fulfill({ json });
  });
  await openOperations(page);
  await expect(lane(page, 'bridge')).toHaveAttribute('data-lane-state', 'down');
  await expect(lane(page, 'bridge')).toContainText('No heartbeat for 48 s');
  await expect(lane(page, 'redis')).toContainText('not known');
  await expect(lane(page, 'hub')).toContainText('The hub of combo gives no answer');
  await expect(lane(page, 'browser')).toContainText('No browser has reported');
});

test('says that it waits, that the server gives no answer, and how old its figures are', async ({ page, problems }) => {
  problems.allow(/Failed to load resource|ERR_FAILED/);
  let answers = false;
  await page.route('**/api/operations', route => (answers ? route.continue() : undefined));
  await page.addInitScript(() => localStorage.setItem('tickstock.tour_seen', 'true'));
  await page.goto('/admin');
  await expect(page.locator('main:visible')).toContainText('Asking the server…');
  answers = true;
  await page.unroute('**/api/operations');
  await page.reload();
  await expect(page.locator('.ops-fresh')).toContainText('Renewed every 2 seconds');
  await page.route('**/api/operations', route => route.abort());
  await expect(page.locator('.ops-fresh')).toHaveAttribute('data-stale', 'true', { timeout: 20_000 });
  await expect(page.locator('.ops-fresh')).toContainText(/Not renewed for \d+ s: the server gives no answer/);
});

test('is accessible at every width in both themes, and can be read to its end by keyboard', async ({ page, stack }) => {
  await stack.publish(CHANNEL, { patern: 'Doji', symbol: 'NVDA' });
  await openOperations(page);
  await expect(page.locator('[data-table]')).not.toHaveCount(0);
  await expect(page.locator('[data-reject]').first()).toBeVisible();
  await axeEverywhere(page);
  for (const name of ['Rejects', 'Channels', 'Channels never heard', 'Hubs', 'Sessions']) {
    const table = page.getByRole('region', { name: `${name}, table`, exact: true });
    await table.focus();
    await expect(table).toBeFocused();
  }
});

test('folds away on a phone the channels that nothing has come on, and keeps them open once opened', async ({
  page,
  stack,
}) => {
  await stack.publish(CHANNEL, { patern: 'Doji', symbol: 'NVDA' });
  await page.setViewportSize({ width: 390, height: 844 });
  await openOperations(page);
  await expect(page.locator(`[data-channel="${CHANNEL}"]`)).toContainText('heard', { timeout: 20_000 });
  const unheard = page.getByRole('region', { name: 'Channels never heard, table' });
  await expect(unheard).toBeHidden();
  await page.getByText(/^Nothing has come on \d+ channels$/).click();
  await expect(unheard).toContainText('never heard');
  await page.waitForResponse('**/api/channels');
  await page.waitForResponse('**/api/channels');
  await expect(unheard).toBeVisible();
});

async function rejectsOf(stack: Stack): Promise<number> {
  const { counts } = await stack.get<{ counts: { channel: string; reason: string; count: number }[] }>('/api/rejects');
  return counts.find(({ channel, reason }) => channel === CHANNEL && reason === 'missing_pattern')?.count ?? 0;
}
