import { axe, column, expect, newSymbol, open, publish, rows, test } from './support/fixtures.ts';
import { askWhyNot, whyDialog } from './support/why.ts';

test('an operator asks why a pattern is not in a column, and reads which part of the filter keeps it out', async ({
  page,
  stack,
}) => {
  const symbol = newSymbol('W');
  await open(page, { path: `/?d=sym:${symbol}+conf>%3D80`, market: 'open' });
  await publish(stack, { tier: 'daily', symbol, confidence: 0.72 });
  await expect
    .poll(() => stack.get(`/api/patterns/daily/count?minutes=5&symbols=${symbol}`))
    .toMatchObject({ matching: 1 });
  await expect(rows(page, 'daily')).toHaveCount(0);

  await page.keyboard.press('1');
  await askWhyNot(page, symbol.toLowerCase());
  const why = whyDialog(page);
  await expect(why.locator('.why-verdict')).toHaveText('The filter of Daily does not let it through.');
  const clause = (name: string) => why.locator(`[data-clause=${name}]`);
  await expect(clause('confidence_min').locator('th, td')).toHaveText(['Confidence', '≥ 80', '72', 'no']);
  await expect(clause('symbols').locator('th, td')).toHaveText(['Symbol', symbol, symbol, 'yes']);
  await expect(why.locator('[data-holds=false]')).toHaveCount(1);
  await expect(why).toContainText('Sent live to0 of 0 sessions that it was for');
  await expect(why.locator('.hops')).toContainText('Sent by the hub');
  await axe(page, { within: '[data-dialog=why]' });
  await page.keyboard.press('Escape');
  await expect(why).toHaveCount(0);

  await column(page, 'daily').getByRole('button', { name: 'Lower to 70' }).click();
  const row = rows(page, 'daily').and(page.locator(`[data-symbol="${symbol}"]`));
  await expect(row).toHaveCount(1);
  await page.keyboard.press('1');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.locator('.detail [data-action=why]').click();
  await expect(why.locator('.why-verdict')).toHaveText('The filter of Daily lets it through.');
  await expect(why.locator('[data-holds=false]')).toHaveCount(0);
  await expect(why).toContainText('The session of this pageIt subscribed after the event');
  await page.keyboard.press('Escape');
  await expect(why).toHaveCount(0);
  await expect(page.locator('.detail [data-action=why]')).toBeFocused();
});

test('says what this page alone hides, and offers the patterns of a symbol by their time', async ({ page, stack }) => {
  const symbol = newSymbol('W');
  const atMs = Date.parse('2026-11-20T19:36:00Z');
  await publish(
    stack,
    { tier: 'daily', symbol, confidence: 0.9, direction: 'bearish', detection_timestamp: atMs / 1_000 },
    { tier: 'daily', symbol, confidence: 0.7, direction: 'bullish', detection_timestamp: atMs / 1_000 - 3_600 },
  );
  await expect
    .poll(() => stack.get(`/api/patterns/daily/count?minutes=5&symbols=${symbol}`))
    .toMatchObject({ matching: 2 });
  await open(page, { path: `/?d=sym:${symbol}+dir:up`, market: 'open' });
  await expect(rows(page, 'daily')).toHaveCount(1);
  await page.keyboard.press('1');
  await askWhyNot(page, symbol);
  const why = whyDialog(page);
  await expect(why.locator('.why-candidates li')).toHaveCount(2);
  await why.getByLabel('About what time (ET)').fill('14:30');
  await why.getByRole('button', { name: 'Look for it' }).click();
  const first = why.locator('.why-candidates li button').first();
  await expect(first).toContainText('Nov 20 14:36:00 ET');
  await first.click();
  await expect(first).toHaveAttribute('aria-pressed', 'true');
  await expect(why.locator('.why-verdict')).toHaveText('Daily is sent it, and this page hides it.');
  await expect(why.locator('.legend li').first()).toHaveText('only direction up is shown');
  await axe(page, { within: '[data-dialog=why]' });
});

test('says that there is no such pattern or id, and asks again once the server is back', async ({
  page,
  problems,
  context,
}) => {
  problems.allow(/status of 404|ERR_INTERNET_DISCONNECTED/);
  await open(page, { market: 'open' });
  await askWhyNot(page, 'NOBODY');
  const why = whyDialog(page);
  await expect(why.locator('[data-found="0"]')).toContainText('keeps no Daily pattern of NOBODY');
  await why.getByLabel('Or its id').fill('no-such-id');
  await why.getByLabel('Or its id').press('Enter');
  await expect(why.locator('[data-why=failed]')).toContainText('There is no event of this id on the tape of daily');
  await context.setOffline(true);
  await why.getByLabel('Or its id').fill('another-id');
  await why.getByLabel('Or its id').press('Enter');
  await expect(why.locator('[data-why=failed]')).toContainText('The server cannot be reached');
  await axe(page, { within: '[data-dialog=why]' });
  await context.setOffline(false);
  await why.getByRole('button', { name: 'Try again' }).click();
  await expect(why.locator('[data-why=failed]')).toContainText('There is no event of this id');
});
