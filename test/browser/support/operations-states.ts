import { expect, type Locator, type Page } from '@playwright/test';
import type { Operations } from '../../../shared/api/operations.ts';
import type { Sessions } from '../../../shared/api/sessions.ts';
import { TIERS } from '../../../shared/topics.ts';
import type { Stack } from '../../support/stack.ts';
import { open, rows } from './page.ts';
import { newSymbol, publish } from './publish.ts';
import type { PageState } from './states.ts';

export const CHANNEL = 'tickstock.events.patterns';

export const lane = (page: Page, id: string): Locator => page.locator(`[data-lane=${id}]`);

/** Goes to the operations page and waits until it knows something. */
export async function openOperations(page: Page): Promise<void> {
  await page.addInitScript(() => localStorage.setItem('tickstock.tour_seen', 'true'));
  await page.goto('/admin');
  await expect(page.locator('.ops-lanes')).toBeVisible();
}

/** What the operations page can show. */
export const OPERATIONS_STATES: Record<string, PageState> = {
  operations: {
    async enter(page, stack) {
      const reported = page.waitForResponse(response => response.url().endsWith('/api/beacon'), { timeout: 30_000 });
      const symbol = newSymbol();
      const fresh = () => TIERS.map(tier => ({ tier, symbol, detection_timestamp: Date.now() / 1_000 }));
      await open(page, { market: 'open', path: `/?d=sym:${symbol}` });
      await publish(stack, ...fresh());
      await expect(rows(page, 'daily')).toHaveCount(1);
      await reported;
      await page.keyboard.press('g');
      await page.keyboard.press('a');
      await expect(lane(page, 'browser')).toHaveAttribute('data-lane-state', /^(ok|warn)$/);
      await publish(stack, ...fresh());
      await expect(lane(page, 'worker')).toContainText(/Worker to hub\s*p50 ≤ .* n=\d+/);
      await expect(lane(page, 'hub')).toContainText(/Deliveries\s*[\d.]+\/min/);
      await expect(page.locator('[data-session]').first()).toBeVisible();
      await expect(page.locator(`[data-channel="${CHANNEL}"]`)).toHaveAttribute('data-state-of', 'ok', {
        timeout: 20_000,
      });
    },
  },
  operations_rejects: {
    async enter(page, stack) {
      await openOperations(page);
      await publishUnreadable(stack);
      await expect(page.locator('[data-reject]')).not.toHaveCount(0);
      await publishUnreadable(stack);
      const renamed = page.locator(`[data-reject="${CHANNEL}"][data-field=pattern]`);
      await expect(renamed).toContainText('"patern" may be meant');
      await renamed.locator('summary').click();
      await page.getByText('Read, and carried by no topic').click();
    },
  },
  operations_bridge_gone: {
    async enter(page, stack) {
      await openOperations(page);
      await stack.bridge.kill();
      await expect(lane(page, 'bridge')).toHaveAttribute('data-lane-state', 'down', { timeout: 60_000 });
      await expect(page.locator('[data-hub=daily]')).toContainText('stale', { timeout: 60_000 });
    },
    leave: stack => stack.startBridge(),
  },
  // A hub does not fall silent on demand, nor does a socket stay unread: the answers of those that do are changed.
  operations_hub_gone: {
    async enter(page) {
      await patch<Operations>(page, '**/api/operations', answer => {
        answer.hubs.combo = { topic: 'combo', error: 'the hub gave no answer' };
      });
      await patch<{ tiers: Record<string, object> }>(page, '**/api/patterns/tiers/health', ({ tiers }) => {
        tiers.combo = { status: 'unreachable', reasons: ['the hub gave no answer'], rejects: null };
      });
      await patch<Sessions>(page, '**/api/sessions*', answer => {
        answer.missing = ['combo'];
      });
      await openOperations(page);
      await expect(lane(page, 'hub')).toContainText('The hub of combo gives no answer');
      await expect(page.locator('[data-hub=combo]')).toContainText('unreachable');
      await expect(page.getByText('no answer from combo')).toBeVisible();
    },
  },
  operations_slow_readers: {
    async enter(page) {
      await patch<Sessions>(page, '**/api/sessions*', answer => {
        const [first] = answer.sessions;
        if (!first) return;
        const slow = { ...first, session_id: 'slow', user_id: 'margaret.hamilton@desk-7.new-york.example.com' };
        answer.total = 1_204;
        answer.left_out = 1_202;
        answer.sessions = [
          {
            ...slow,
            behind: 4_812,
            queued_bytes: 812_345,
            delivered: 1_203_441,
            withheld: { rate_limited: 1_231, skipped: 40_220 },
          },
          { ...first, withheld: { rate_limited: 0, skipped: 0 } },
        ];
      });
      await open(page, { market: 'open' });
      await page.keyboard.press('g');
      await page.keyboard.press('a');
      await expect(page.locator('[data-session=slow]')).toBeVisible();
      await page.locator('[data-session=slow] summary').click();
    },
  },
  operations_no_answer: {
    expected: /Failed to load resource|ERR_FAILED/,
    async enter(page) {
      await openOperations(page);
      await page.route('**/api/operations', route => route.abort());
      await expect(page.locator('.ops-fresh')).toHaveAttribute('data-stale', 'true', { timeout: 20_000 });
    },
  },
};

/** Messages that no reader can make a pattern of, a renamed field among them, and some that no topic carries. */
async function publishUnreadable(stack: Stack): Promise<void> {
  const pattern = { event_type: 'pattern_detected', pattern: 'Doji', symbol: 'NVDA', confidence: 0.9 };
  const { pattern: renamed, ...others } = pattern;
  await stack.publish(CHANNEL, { ...others, patern: renamed, timeframe: '5min', price: 141.2, volume: 1_203_441 });
  await stack.publish(CHANNEL, { ...pattern, confidence: 'high' });
  await stack.publish(CHANNEL, JSON.stringify(pattern).slice(0, -20));
  await stack.publish('tickstock.events.patterns.intraday', { ...pattern, symbol: '' });
  await stack.publish('tickstock.events.indicators', { indicator: 'rsi', symbol: 'NVDA', value: 61.2 });
}

/** Changes what the server answers, before the page is opened. */
async function patch<Answer>(page: Page, url: string, change: (answer: Answer) => void): Promise<void> {
  await page.route(url, async route => {
    const response = await route.fetch();
    const json = (await response.json()) as Answer;
    change(json);
    await route.fulfill({ json: json as object });
  });
}
