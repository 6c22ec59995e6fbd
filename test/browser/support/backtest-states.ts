import { expect, type Locator, type Page } from '@playwright/test';
import { startSimulator } from '../../../bridge/local/simulator.ts';
import { JOB_CHANNELS } from '../../../shared/backtests.ts';
import { eventually } from '../../support/eventually.ts';
import type { Stack } from '../../support/stack.ts';
import { open } from './page.ts';
import type { PageState } from './states.ts';

export const backtest = (page: Page, text: string): Locator => page.locator('[data-job]').filter({ hasText: text });
export const form = (page: Page): Locator => page.getByRole('form', { name: 'New backtest' });

/** Opens the page of backtests, from that of the columns. */
export async function openBacktests(page: Page): Promise<void> {
  await open(page);
  await page.keyboard.press('g');
  await page.keyboard.press('b');
  await expect(page.getByRole('heading', { name: 'Backtests', level: 2 })).toBeVisible();
}

/** Fills the form and sends it. */
export async function run(page: Page, symbols: string, patterns: string): Promise<void> {
  for (const [label, words] of [
    ['Symbols', symbols],
    ['Patterns', patterns],
  ] as const) {
    const field = form(page).getByLabel(label, { exact: true });
    const chips = form(page).locator(`[data-field=${label.toLowerCase()}] .filter-chip button`);
    for (let left = await chips.count(); left > 0; left--) {
      await chips.first().press('Enter');
      await expect(chips).toHaveCount(left - 1);
    }
    await field.fill(words);
    await field.press('Enter');
  }
  await form(page).getByRole('button', { name: 'Run backtest' }).click();
}

/** Has somebody who answers jobs, for as long as `use` takes. */
export async function withProducer(stack: Stack, use: () => Promise<void>): Promise<void> {
  const producer = await startSimulator({ redisUrl: stack.redisUrl, patternsPerSecond: 1 });
  try {
    await eventually(async () => {
      const [, count] = (await stack.producer.pubsub('NUMSUB', JOB_CHANNELS.submit)) as [string, number];
      if (Number(count) === 0) throw new Error('nobody takes jobs');
    });
    await use();
  } finally {
    await producer.stop();
  }
}

/** What the page of backtests can show. */
export const BACKTEST_STATES: Record<string, PageState> = {
  backtests_empty: {
    async enter(page) {
      await openBacktests(page);
      await expect(page.locator('[data-backtests=empty]')).toBeVisible();
    },
  },
  backtests_wrong: {
    async enter(page) {
      await openBacktests(page);
      await form(page).getByLabel('Commission, %').fill('50');
      await form(page).getByRole('button', { name: 'Run backtest' }).click();
      await expect(form(page).locator('[data-invalid=true]')).toHaveCount(3);
    },
  },
  backtests: {
    async enter(page, stack) {
      await openBacktests(page);
      await withProducer(stack, async () => {
        await run(page, 'NVDA AAPL TSLA', 'Doji');
        await run(page, 'AAPL ZZZZ', 'Doji');
        await run(page, 'MSFT', 'Hammer, Bull_Flag');
        await expect(backtest(page, 'NVDA')).toHaveAttribute('data-state', 'completed', { timeout: 20_000 });
        await expect(backtest(page, 'MSFT')).toHaveAttribute('data-state', /completed|failed/, { timeout: 20_000 });
        await run(page, 'ORCL TSLA', 'Doji');
        await page.getByRole('button', { name: 'Cancel ORCL, TSLA' }).click();
        await expect(backtest(page, 'ORCL')).toHaveAttribute('data-state', 'cancelled');
        await run(page, 'AMZN META GOOGL AMD QQQ', 'Doji');
        await expect(backtest(page, 'AMZN')).toHaveAttribute('data-state', 'running');
      });
      // Nobody is there to take this one.
      await run(page, 'NFLX', 'Doji');
      await expect(backtest(page, 'NFLX')).toContainText('Nobody listened');
      const { job_id } = (await (await page.request.get('/api/backtests')).json()).jobs.find(
        (job: { symbols: string[] }) => job.symbols[0] === 'NFLX',
      );
      await stack.publish('tickstock.events.backtesting.results', {
        event_type: 'backtest_result',
        job_id,
        status: 'completed',
        results: {
          win_rate: 0.52,
          total_trades: 61,
          winning_trades: 32,
          roi: -0.043,
          equity_curve: Array.from({ length: 60 }, (_, i) => 100_000 * (1 + Math.sin(i / 6) / 20 - i / 1_400)),
        },
      });
      await expect(backtest(page, 'NFLX')).toHaveAttribute('data-state', 'completed');
    },
  },
  backtests_unavailable: {
    expected: /503/,
    async enter(page) {
      await page.route('**/api/backtests', route =>
        route.fulfill({
          status: 503,
          json: {
            title: 'backtests_unavailable',
            detail: 'UPSTASH_REDIS_REST_URL: is not set, which backtests need',
            field: 'UPSTASH_REDIS_REST_URL',
          },
        }),
      );
      await openBacktests(page);
      await expect(page.locator('[data-backtests=unavailable]')).toBeVisible();
    },
  },
};
