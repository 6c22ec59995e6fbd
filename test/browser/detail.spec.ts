import type { Page } from '@playwright/test';
import { axe, column, expect, newSymbol, open, publish, reload, rows, socketsOf, test } from './support/fixtures.ts';

const detail = (page: Page) => page.locator('.detail[open]');
const row = (page: Page, symbol: string) => rows(page, 'daily').and(page.locator(`[data-symbol="${symbol}"]`));
const grid = (page: Page) => column(page, 'daily').locator('[role=grid]');

test('says everything of a row beside the columns, follows j and k, and gives the focus back', async ({
  page,
  stack,
}) => {
  const symbols = [newSymbol('D'), newSymbol('D')] as const;
  await publish(
    stack,
    { tier: 'daily', symbol: symbols[0], confidence: 0.812, direction: 'bullish', price: 12.5, timeframe: '1day' },
    { tier: 'daily', symbol: symbols[1], confidence: 0.91 },
  );
  await open(page, { path: `/?d=sym:${symbols.join(',')}`, market: 'open' });
  await expect(row(page, symbols[0])).toHaveCount(1);
  await page.keyboard.press('1');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(detail(page).getByRole('heading', { level: 2 })).toContainText(symbols[1]);
  await expect(detail(page).getByRole('heading', { level: 2 })).toBeFocused();
  await page.keyboard.press('j');
  await expect(detail(page).getByRole('heading', { level: 2 })).toContainText(
    `${symbols[0]}Breakout BO▲ up`.slice(0, 3),
  );
  await expect(detail(page)).toContainText('81.2 %');
  await expect(detail(page)).toContainText('1d (sent as 1day)');
  await expect(detail(page)).toContainText('12.50');
  await expect(detail(page).locator('.detail-hops')).toContainText('Kept by the hub');
  await expect(detail(page).getByRole('heading', { name: 'Firings (1)' })).toBeVisible();
  await detail(page).getByText('Raw event').click();
  await expect(detail(page).locator('pre')).toContainText(`"symbol": "${symbols[0]}"`);
  await axe(page, { within: '.detail' });
  await page.keyboard.press('k');
  await expect(detail(page).getByRole('heading', { level: 2 })).toContainText(symbols[1]);
  await page.keyboard.press('Escape');
  await expect(detail(page)).toHaveCount(0);
  await expect(grid(page)).toBeFocused();
});

test('lists earlier firings, and the rows of other tiers with a way there', async ({ page, stack }) => {
  const symbol = newSymbol('D');
  const nowSeconds = Date.now() / 1_000;
  await publish(
    stack,
    { tier: 'daily', symbol, confidence: 0.8, detection_timestamp: nowSeconds - 20 },
    { tier: 'daily', symbol, confidence: 0.86, detection_timestamp: nowSeconds - 10 },
    { tier: 'intraday', symbol, confidence: 0.9, timeframe: '1min', detection_timestamp: nowSeconds - 5 },
  );
  await open(page, { path: `/?d=sym:${symbol}&i=sym:${symbol}`, market: 'open' });
  await expect(row(page, symbol)).toHaveCount(1);
  await expect(rows(page, 'intraday')).toHaveCount(1);
  await page.keyboard.press('1');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(detail(page).getByRole('heading', { name: 'Firings (2)' })).toBeVisible();
  await expect(detail(page).locator('.detail-firing').first()).toContainText('86 (+6)');
  await detail(page).locator('[data-detail-section=related] button').click();
  await expect(detail(page)).toHaveAttribute('data-tier', 'intraday');
  await expect(detail(page)).toContainText('Intraday');
});

test('a row is starred, filtered by its symbol, muted and unmuted, and copied, all by keyboard', async ({
  page,
  context,
  stack,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const [first, second] = [newSymbol('D'), newSymbol('D')];
  await publish(
    stack,
    { tier: 'daily', symbol: first, confidence: 0.9 },
    { tier: 'daily', symbol: second, confidence: 0.9 },
  );
  await open(page, { path: `/?d=sym:${first},${second}`, market: 'open' });
  await expect(row(page, second)).toHaveCount(1);
  await page.keyboard.press('1');
  await page.keyboard.press('j');
  await page.keyboard.press('s');
  await expect(row(page, second)).toContainText('★');
  await page.keyboard.press('c');
  await expect(page.locator('.flash')).toHaveText(`${second} copied as text`);
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(
    new RegExp(`^${second} Breakout BO 90, \\d{4}-\\d{2}-\\d{2}T[\\d:.]+Z \\(daily\\)$`),
  );
  await column(page, 'daily')
    .getByRole('combobox', { name: /^Filter/ })
    .click();
  await page.keyboard.type('is:starred');
  await page.keyboard.press('Enter');
  await expect(row(page, first)).toHaveCount(0);
  await expect(row(page, second)).toHaveCount(1);
  await column(page, 'daily')
    .getByRole('button', { name: /Remove filter starred/ })
    .click();
  await expect(row(page, first)).toHaveCount(1);

  await page.keyboard.press('1');
  await page.keyboard.press('m');
  await expect(row(page, second)).toHaveCount(0);
  await expect(page.locator('.flash')).toContainText(`${second} is muted in every column`);
  await page.locator('.flash').getByRole('button', { name: 'Undo' }).click();
  await expect(row(page, second)).toHaveCount(1);
  await page.keyboard.press('1');
  await page.keyboard.press('j');
  await page.keyboard.press('m');
  await reload(page);
  await expect(rows(page, 'daily')).toHaveCount(1);
  await column(page, 'daily').getByRole('button', { name: 'Muted symbols' }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Unmute/ })
    .click();
  await page.keyboard.press('Escape');
  await expect(rows(page, 'daily')).toHaveCount(2);
});

test('a menu offers the same, where the row is clicked', async ({ page, stack }) => {
  const [first, second] = [newSymbol('D'), newSymbol('D')];
  await publish(
    stack,
    { tier: 'daily', symbol: first, confidence: 0.9 },
    { tier: 'daily', symbol: second, confidence: 0.9 },
  );
  await open(page, { path: `/?d=sym:${first},${second}`, market: 'open' });
  await row(page, first).click({ button: 'right' });
  const menu = page.getByRole('menu');
  await expect(menu.getByRole('menuitem', { name: 'Details' })).toBeFocused();
  await axe(page, { within: '[role=menu]' });
  await page.keyboard.press('ArrowDown');
  await expect(menu.getByRole('menuitem', { name: 'Star' })).toBeFocused();
  await menu.getByRole('menuitem', { name: `Only ${first}` }).click();
  await expect(menu).toHaveCount(0);
  await expect(row(page, second)).toHaveCount(0);
  await expect(row(page, first)).toHaveCount(1);
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test('it fills the screen, and keys step through rows all the same', async ({ page, stack }) => {
    const symbols = [newSymbol('D'), newSymbol('D')] as const;
    await publish(stack, ...symbols.map(symbol => ({ tier: 'daily', symbol, confidence: 0.9 })));
    await open(page, { path: `/?d=sym:${symbols.join(',')}`, market: 'open' });
    await row(page, symbols[1]).tap();
    await expect(detail(page)).toHaveAttribute('data-detail', 'sheet');
    expect(await detail(page).boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 844 });
    await page.keyboard.press('j');
    await expect(detail(page).getByRole('heading', { level: 2 })).toContainText(symbols[0]);
    await axe(page, { within: '.detail' });
    await page.keyboard.press('Escape');
    await expect(detail(page)).toHaveCount(0);
  });

  test('filters are in a sheet from the bottom', async ({ page }) => {
    const sockets = socketsOf(page);
    await open(page);
    await column(page, 'daily')
      .getByRole('button', { name: /filters/i })
      .tap();
    const sheet = page.getByRole('dialog', { name: /filters/i });
    await sheet.getByRole('button', { name: 'Regular' }).tap();
    await expect
      .poll(() => sockets.sent('daily', 'subscribe').at(-1)?.filter)
      .toMatchObject({ market_sessions: ['regular'] });
    await axe(page, { within: '[data-dialog=filters]' });
  });
});
