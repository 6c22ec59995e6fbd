import { BACKTEST_STATES, backtest, form, openBacktests, run, withProducer } from './support/backtest-states.ts';
import { axe, axeEverywhere, expect, test } from './support/fixtures.ts';

/** Live within this. */
const SOON = { timeout: 1_000 };

test('a backtest is asked for, watched in every tab, compared, cancelled, and fails in the producer’s words', async ({
  page,
  context,
  stack,
}) => {
  test.slow();
  await openBacktests(page);
  await expect(page.getByRole('heading', { name: 'No backtests yet' })).toBeVisible();
  const button = form(page).getByRole('button', { name: 'Run backtest' });
  await button.click();
  await expect(form(page).locator('[data-field=symbols]')).toContainText('Name at least one symbol');
  await expect(form(page).getByLabel('Symbols', { exact: true })).toBeFocused();
  await form(page).getByLabel('Stop loss, %').fill('200');
  await expect(form(page).locator('[data-field=stop_loss_pct]')).toContainText('A number from 0.1 to 100');
  await form(page).getByLabel('Stop loss, %').fill('');
  const tab = await context.newPage();
  await openBacktests(tab);

  await withProducer(stack, async () => {
    await run(page, 'NVDA AAPL', 'doji');
    const job = backtest(page, 'NVDA');
    await expect(job).toHaveAttribute('data-state', 'running');
    await expect(job.getByRole('progressbar')).toHaveAttribute('value', /^0\.\d+/);
    await expect(backtest(tab, 'NVDA')).toHaveAttribute('data-state', 'running', SOON);
    await expect(job).toContainText(/\d+ %, (NVDA|AAPL), \d of 2 symbols/);
    for (const each of [page, tab]) {
      await expect(backtest(each, 'NVDA')).toHaveAttribute('data-state', 'completed', { timeout: 15_000 });
      await expect(backtest(each, 'NVDA').locator('[data-name=ROI]')).toContainText(/[+−]?\d+\.\d %/);
    }
    // The producer sent no curve: none is drawn.
    await expect(page.locator('.bt-curve')).toHaveCount(0);

    await run(page, 'AAPL ZZZZ', 'Doji');
    await expect(backtest(tab, 'ZZZZ')).toContainText('No historical data for symbol ZZZZ', { timeout: 10_000 });
    await run(page, 'TSLA MSFT', 'Hammer');
    await tab.getByRole('button', { name: 'Cancel TSLA, MSFT' }).click();
    await expect(backtest(page, 'TSLA')).toHaveAttribute('data-state', 'cancelled');
    await expect(page.getByRole('button', { name: 'Remove TSLA, MSFT' })).toBeVisible();
  });
  await axe(page);
  await page.getByRole('button', { name: 'Fill in the form as for AAPL, ZZZZ' }).click();
  await expect(form(page).locator('[data-field=symbols] .filter-chip')).toHaveText(['AAPL', 'ZZZZ']);
  await page.getByRole('button', { name: 'Remove AAPL, ZZZZ' }).click();
  await expect(backtest(tab, 'ZZZZ')).toHaveCount(0, SOON);
});

test.describe('has no accessibility violation in any width and theme', () => {
  for (const [name, { enter, expected }] of Object.entries(BACKTEST_STATES)) {
    test(name, async ({ page, stack, problems }) => {
      test.slow();
      if (expected) problems.allow(expected);
      await enter(page, stack);
      await axeEverywhere(page);
    });
  }
});
