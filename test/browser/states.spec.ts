import type { Page } from '@playwright/test';
import { TIERS, type Tier } from '../../shared/topics.ts';
import { axe, column, expect, newSymbol, open, publish, rows, test } from './support/fixtures.ts';
import { STATES } from './support/states.ts';

const WIDTHS = [1_440, 900, 390];
const notice = (page: Page, tier: Tier) => column(page, tier).locator('[data-notice]');
const status = (page: Page, tier: Tier, name: string) => column(page, tier).locator(`[data-status=${name}]`);
const pill = (page: Page, tier: Tier) => page.locator(`[data-popover-of=${tier}]`);
const label = (page: Page, tier: Tier) => column(page, tier).locator('.states');

/** What a page in each state says, besides what the name of the state promises. */
const SAYS: Record<string, (page: Page) => Promise<void>> = {
  async connecting(page) {
    await expect(label(page, 'daily')).toContainText('Connecting');
    await expect(notice(page, 'daily').locator('.skeleton-row')).toHaveCount(8);
    await expect(pill(page, 'daily')).toHaveAttribute('data-link', 'waiting');
  },
  async live(page) {
    await expect(label(page, 'intraday')).toContainText('Live');
    await expect(notice(page, 'intraday')).toHaveCount(0);
  },
  async held(page) {
    await expect(label(page, 'daily')).toContainText('Held');
    await expect(column(page, 'daily').locator('.new-pill')).toHaveText(/^\d+ new, \d+ above 90$/);
  },
  async paused(page) {
    await expect(label(page, 'daily')).toContainText('Paused');
    await expect(column(page, 'daily').locator('.new-pill')).toHaveText(/^\d+ new/);
    await expect(page.getByRole('button', { name: 'Paused' })).toHaveAttribute('aria-pressed', 'true');
  },
  async filtered(page) {
    await expect(notice(page, 'daily')).toContainText('No Daily patterns match');
    await expect(notice(page, 'daily').getByRole('button', { name: 'Clear' })).toBeVisible();
  },
  async quiet(page) {
    await expect(notice(page, 'intraday')).toContainText('Quiet. No pattern yet. ');
    await expect(notice(page, 'intraday')).toContainText(/Pipeline heartbeat \d+ s ago/, { timeout: 20_000 });
  },
  async closed_market(page) {
    await expect(notice(page, 'daily')).toContainText(/^☾Market closed: Day of Rest\. Opens .* ET, in /);
    await expect(label(page, 'daily')).toContainText('Closed');
    await expect(rows(page, 'daily').first()).toBeAttached();
  },
  async stale(page) {
    await expect(notice(page, 'intraday')).toContainText(/Data (stale: no pipeline heartbeat yet|\d+ s old|1 min old)/);
    await expect(label(page, 'intraday')).not.toContainText('Live');
    // The connection stands all the same, and nothing takes it for live data.
    await expect(pill(page, 'intraday')).toHaveAttribute('data-link', 'up');
    await expect(pill(page, 'intraday')).toHaveAttribute('data-freshness', 'stale');
    await expect(pill(page, 'intraday')).toContainText(/old|no data/);
  },
  async reconnecting(page) {
    await expect(notice(page, 'daily')).toContainText(/Connection lost.* Attempt \d+ (now|in \d+ s)/);
    await expect(notice(page, 'daily').getByRole('button', { name: 'Retry now' })).toBeVisible();
    await expect(rows(page, 'daily').first()).toBeAttached();
  },
  async backfilling(page) {
    await expect(label(page, 'daily')).toContainText('Backfilling');
    await expect(notice(page, 'daily')).toContainText('Backfilling');
  },
  async rate_limited(page) {
    await expect(column(page, 'daily')).toHaveAttribute('data-limited', 'true');
    await expect(status(page, 'daily', 'withheld')).toContainText(/Over 100\/s: \d+ not sent in \d+ s/);
    await expect(status(page, 'daily', 'withheld').getByRole('button', { name: 'Tighten filters' })).toBeVisible();
  },
  async error(page) {
    await expect(notice(page, 'daily')).toContainText('You may not read this tier from here (4003). Ask');
    await expect(notice(page, 'daily').getByRole('button')).toHaveCount(0);
  },
  async offline(page) {
    await expect(notice(page, 'daily')).toContainText(/Offline since .*: what is shown stays/);
    await expect(rows(page, 'daily').first()).toBeAttached();
  },
};

// Nothing else may have published on this stack when the first begins, which needs empty tapes. The exchange's being
// closed is shown when nothing has come for a minute, most of which passes while data becomes stale.
test.use({ stackOptions: { name: 'states' } });
const FIRST = ['quiet', 'connecting', 'error', 'stale', 'closed_market'];
const inOrder = [...FIRST, ...Object.keys(STATES).filter(name => !FIRST.includes(name))];

for (const name of inOrder) {
  const { enter, leave, expected } = STATES[name]!;
  test(`a column says its state, to everyone, in every theme and width: ${name}`, async ({ page, stack, problems }) => {
    // Data is stale half a minute after its last heartbeat, and the exchange closed a minute after its last event.
    test.slow();
    if (expected) problems.allow(expected);
    try {
      await enter(page, stack);
      await SAYS[name]!(page);
      for (const colorScheme of ['dark', 'light'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 844 });
          await axe(page);
        }
      }
    } finally {
      await page.context().setOffline(false);
      await leave?.(stack);
    }
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

test('a connection that is back within two seconds was never lost', async ({ page, stack }) => {
  const said: (string | undefined)[] = [];
  await page.exposeFunction('say', (state?: string) => said.push(state));
  await open(page, { market: 'open' });
  await publish(stack, { tier: 'daily', symbol: newSymbol() });
  await expect(column(page, 'daily')).toHaveAttribute('data-state', 'live');
  await page.evaluate(() => {
    const daily = document.querySelector<HTMLElement>('[data-column=daily]')!;
    const { say } = globalThis as unknown as { say(state?: string): void };
    new MutationObserver(() => say(daily.dataset.state)).observe(daily, { attributeFilter: ['data-state'] });
  });
  await page.context().setOffline(true);
  await page.context().setOffline(false);
  await expect(pill(page, 'daily')).toHaveAttribute('data-link', 'up');
  expect(said).not.toContain('reconnecting');
});

test('one tier that is refused leaves the others running', async ({ page, stack }) => {
  await page.routeWebSocket(/\/ws\/daily/, socket => socket.close({ code: 4003, reason: 'topic not allowed' }));
  await open(page, { market: 'open' });
  await expect(column(page, 'daily')).toHaveAttribute('data-state', 'error');
  const symbol = newSymbol();
  await publish(stack, { tier: 'combo', symbol });
  await expect(column(page, 'combo').locator(`[data-symbol=${symbol}]`)).toHaveCount(1);
});

test('an empty column says what hides its patterns, and lowers or clears the filter', async ({ page, stack }) => {
  const symbol = newSymbol();
  for (const confidence of [0.72, 0.74]) {
    await publish(stack, { tier: 'daily', symbol, confidence, pattern: newSymbol('P') });
  }
  await open(page, { market: 'open', path: `/?d=${encodeURIComponent(`sym:${symbol} conf>=80`)}` });
  await expect(notice(page, 'daily')).toContainText('No Daily patterns match. 2 hidden by confidence ≥ 80');
  await notice(page, 'daily').getByRole('button', { name: 'Lower to 70' }).click();
  await expect(rows(page, 'daily')).toHaveCount(2);
  await expect(notice(page, 'daily')).toHaveCount(0);
});

test('dialogs, popovers and the tour are for everyone too', async ({ page, stack }) => {
  await publish(stack, ...TIERS.map(tier => ({ tier, symbol: newSymbol() })));
  await open(page, { market: 'open' });
  const check = async (within: string) => {
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await axe(page, { within });
    }
  };
  for (const name of ['daily', 'producer', 'latency', 'clock', 'appearance']) {
    await page.locator(`[data-popover-of=${name}]`).click();
    await expect(page.locator(`[data-popover=${name}] h2`)).toBeVisible();
    await check(`[data-popover=${name}]`);
    await page.keyboard.press('Escape');
  }
  await page.keyboard.press('?');
  await expect(page.locator('[data-dialog=help]')).toBeVisible();
  await check('[data-dialog=help]');
  await page.getByRole('button', { name: 'Change keys' }).click();
  await expect(page.locator('[data-dialog=settings]')).toBeVisible();
  await check('[data-dialog=settings]');
  await page.keyboard.press('Escape');
  await page.keyboard.press('ControlOrMeta+k');
  await expect(page.locator('[data-dialog=commands]')).toBeVisible();
  await check('[data-dialog=commands]');
});
