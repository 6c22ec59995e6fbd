import { expect, type Page } from '@playwright/test';
import { TIERS } from '../../../shared/topics.ts';
import { column, open, rows } from './page.ts';
import { newSymbol, publish } from './publish.ts';
import { type PageState, STATES } from './states.ts';

/** What opens over the columns or beside them, by its name. */
export const DIALOG_STATES: Record<string, PageState> = {
  detail: {
    async enter(page, stack) {
      const symbol = newSymbol();
      const atSeconds = Date.now() / 1_000;
      const again = { tier: 'daily', symbol, timeframe: '1day', direction: 'bullish', price: 212.44 };
      await publish(
        stack,
        ...[0.71, 0.78, 0.93].map((confidence, i) => ({
          ...again,
          confidence,
          detection_timestamp: atSeconds - 600 + i * 300,
        })),
        { tier: 'intraday', symbol, timeframe: '5min', confidence: 0.82, detection_timestamp: atSeconds },
      );
      await open(page, { market: 'open', path: `/?d=sym:${symbol}&i=sym:${symbol}` });
      await expect(rows(page, 'daily')).toHaveCount(1);
      await page.keyboard.press('1');
      await page.keyboard.press('j');
      await page.keyboard.press('Enter');
      await expect(page.locator('.detail')).toBeVisible();
    },
  },
  row_menu: {
    async enter(page, stack) {
      await STATES.live!.enter(page, stack);
      await rows(page, 'daily').first().click({ button: 'right' });
      await expect(page.getByRole('menu')).toBeVisible();
    },
  },
  filters: {
    async enter(page, stack) {
      await open(page, {
        market: 'open',
        path: `/?d=${encodeURIComponent('sym:NVDA sym:AAPL !TSLA pat:"Bull Flag" conf>=70 tf:5m prio:high dir:up age<1h')}`,
      });
      await publish(stack, { tier: 'daily', symbol: newSymbol() });
      await page.keyboard.press('1');
      await page.keyboard.press('f');
      await expect(page.locator('[data-filter-panel]').first()).toBeVisible();
    },
  },
  subscriptions: { enter: page => openFromFilters(page, 'Subscriptions…', 'subscriptions') },
  subscription_form: {
    async enter(page) {
      await openFromFilters(page, 'Subscriptions…', 'subscriptions');
      await page.getByRole('button', { name: 'Add a subscription' }).click();
      await expect(page.getByRole('button', { name: 'Save' })).toBeVisible();
    },
  },
  views: { enter: page => openFromFilters(page, 'Views…', 'views') },
  settings: {
    async enter(page) {
      await open(page, { market: 'open' });
      await page.keyboard.press('?');
      await page.getByRole('button', { name: 'Change keys' }).click();
      await expect(page.locator('[data-dialog=settings]')).toBeVisible();
    },
  },
  help: {
    async enter(page) {
      await open(page, { market: 'open' });
      await page.keyboard.press('?');
      await expect(page.locator('[data-dialog=help]')).toBeVisible();
    },
  },
  commands: {
    async enter(page) {
      await open(page, { market: 'open' });
      await page.keyboard.press('Control+k');
      await expect(page.locator('[data-dialog=commands]')).toBeVisible();
      await page.keyboard.type('da');
    },
  },
  tour: {
    async enter(page) {
      await open(page, { market: 'open' });
      await page.keyboard.press('?');
      await page.getByRole('button', { name: 'Take the tour' }).click();
      await expect(page.locator('.driver-popover')).toBeVisible();
    },
  },
  ...Object.fromEntries(
    ['daily', 'producer', 'latency', 'clock', 'appearance'].map(name => [
      `popover_${name}`,
      {
        async enter(page, stack) {
          await publish(stack, ...TIERS.map(tier => ({ tier, symbol: newSymbol() })));
          await open(page, { market: 'open' });
          await page.locator(`[data-popover-of=${name}]`).click();
          await expect(page.locator(`[data-popover=${name}] h2`)).toBeVisible();
        },
      } satisfies PageState,
    ]),
  ),
  pages_menu: {
    isOfPhones: true,
    async enter(page) {
      await open(page, { market: 'open' });
      await page.locator('[data-popover-of=pages]').click();
      await expect(page.locator('[data-popover=pages] a').first()).toBeVisible();
    },
  },
  reference: {
    isDocument: true,
    async enter(page) {
      await page.goto('/api/docs');
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    },
  },
  reference_route: {
    isDocument: true,
    async enter(page) {
      await page.goto('/api/docs#get_patterns_by_tier');
      await expect(page.getByRole('heading', { name: 'GET /api/patterns/{tier}', exact: true })).toBeInViewport();
    },
  },
};

async function openFromFilters(page: Page, button: string, name: string): Promise<void> {
  await open(page, { market: 'open' });
  const isPhone = page.viewportSize()!.width < 768;
  if (isPhone) await page.getByRole('button', { name: 'View and filters of Daily' }).click();
  else await column(page, 'daily').locator('[data-filters-of]').click();
  await page.getByRole('button', { name: button }).click();
  await expect(page.locator(`[data-dialog=${name}]`)).toBeVisible();
}
