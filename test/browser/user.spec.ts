import type { BrowserContext, Locator, Page } from '@playwright/test';
import { axe, column, expect, newSymbol, open, publish, reload, rows, test } from './support/fixtures.ts';

const row = (page: Page, symbol: string) => rows(page, 'daily').and(page.locator(`[data-symbol="${symbol}"]`));
const views = (page: Page) => page.getByRole('dialog', { name: 'Saved views' });
/** Live within this. */
const SOON = { timeout: 1_000 };

/** Stars a row, or takes its star away. */
async function star(shown: Locator): Promise<void> {
  await shown.hover();
  await shown.getByRole('button', { name: /star/i }).click();
}

async function openViews(page: Page): Promise<void> {
  await column(page, 'daily').locator('[data-filters-of]').click();
  await page.getByRole('button', { name: 'Views…' }).click();
}

/** What the server keeps of the guest of a browser. */
async function kept(page: Page, kind: string): Promise<unknown[]> {
  return (await (await page.request.get(`/api/me/${kind}`)).json())[kind];
}

/** Another browser of the same guest. */
async function anotherBrowser(context: BrowserContext): Promise<BrowserContext> {
  const other = await context.browser()!.newContext();
  await other.addCookies(await context.cookies());
  return other;
}

test('a star shows in other tabs and browsers of its user at once, and after being offline', async ({
  page,
  context,
  baseURL,
  stack,
  problems,
}) => {
  problems.allow(/ERR_INTERNET_DISCONNECTED/);
  const symbol = newSymbol('U');
  await publish(stack, { tier: 'daily', symbol, confidence: 0.95 });
  const at = { path: `/?d=sym:${symbol}`, market: 'open' } as const;
  await open(page, at);
  await expect.poll(() => page.evaluate(() => localStorage.getItem('tickstock.user.1'))).toContain('guest-');
  const tab = await context.newPage();
  await open(tab, at);
  const other = await anotherBrowser(context);
  const elsewhere = await other.newPage();
  await open(elsewhere, { ...at, path: `${baseURL}${at.path}` });
  await expect(row(elsewhere, symbol)).toHaveCount(1);

  await page.bringToFront();
  await star(row(page, symbol));
  for (const each of [tab, elsewhere]) await expect(row(each, symbol)).toContainText('★', SOON);
  await elsewhere.bringToFront();
  await star(row(elsewhere, symbol));
  for (const each of [tab, page]) await expect(row(each, symbol)).not.toContainText('★', SOON);

  await other.setOffline(true);
  await star(row(elsewhere, symbol));
  await expect(row(elsewhere, symbol)).toContainText('★');
  expect(await kept(page, 'stars')).toEqual([]);
  await other.setOffline(false);
  await expect(row(page, symbol)).toContainText('★');

  // What a browser forgets was not deleted by its user.
  await tab.evaluate(() => localStorage.clear());
  await expect.poll(() => tab.evaluate(() => localStorage.getItem('tickstock.stars.1'))).toContain(symbol);
  expect(await kept(page, 'stars')).toHaveLength(1);
  await other.close();
});

test('what the browser has kept so far moves over, and is there in another browser', async ({
  page,
  context,
  baseURL,
}) => {
  const stored = {
    'views.1': [{ name: 'Morning', query: 'd=conf%3E=91' }],
    'filters.1.daily.subscriptions': [
      { id: 'main', name: 'Main', filter: {}, isPaused: false },
      { id: 'n-Chips', name: 'Chips', filter: { symbols: ['NVDA'] }, isPaused: true },
    ],
    // One of them the server does not take: it stays here, and keeps no other from moving.
    'mutes.1': ['in small letters', 'TSLA'],
    theme: 'light',
  };
  await open(page, { stored });
  await expect.poll(() => kept(page, 'views')).toEqual([{ name: 'Morning', query: 'd=conf%3E=91' }]);
  await expect
    .poll(() => kept(page, 'subscriptions'))
    .toEqual([{ id: 'n-Chips', name: 'Chips', topics: ['daily'], filter: { symbols: ['NVDA'] }, enabled: false }]);

  await expect.poll(() => kept(page, 'mutes')).toEqual(['TSLA']);
  expect(await page.evaluate(() => localStorage.getItem('tickstock.mutes.1'))).toContain('in small letters');

  const other = await anotherBrowser(context);
  const elsewhere = await other.newPage();
  await open(elsewhere, {
    path: `${baseURL}/`,
    stored: { theme: 'dark', 'views.1': [{ name: 'Evening', query: 'd=NVDA' }] },
  });
  await openViews(elsewhere);
  for (const name of ['Morning', 'Evening'])
    await expect(views(elsewhere).locator(`[data-view=${name}]`)).toBeVisible();
  await expect(elsewhere.locator('html')).toHaveAttribute('data-theme', 'light');
  await expect(column(elsewhere, 'daily').getByText('+1 subscription')).toBeVisible();
  await views(elsewhere).getByRole('button', { name: 'Delete Morning' }).click();
  await expect.poll(() => kept(page, 'views')).toEqual([{ name: 'Evening', query: 'd=NVDA' }]);
  await openViews(page);
  await expect(views(page).locator('[data-view=Evening]')).toBeVisible();
  await expect(views(page).locator('[data-view=Morning]')).toHaveCount(0);
  await reload(page);
  await openViews(page);
  await expect(views(page).locator('[data-view=Evening]')).toBeVisible();

  // A link shows other subscriptions: the user's own are there to be shown too.
  await open(page, { path: '/?d=conf%3E=50' });
  await column(page, 'daily').locator('[data-filters-of]').click();
  await page.getByRole('button', { name: 'Subscriptions…' }).click();
  const own = page.locator('[data-not-shown]');
  await expect(own).toContainText('Chips');
  await axe(page, { within: '[data-dialog=subscriptions]' });
  await own.getByRole('button', { name: 'Show Chips' }).click();
  await expect(own).toHaveCount(0);
  await expect(column(elsewhere, 'daily').getByText('+1 subscription')).toBeVisible();
  await expect(page.locator('[data-subscription=Chips]')).toHaveAttribute('data-paused', 'false');
  await expect.poll(() => kept(page, 'subscriptions')).toMatchObject([{ name: 'Chips', enabled: true }]);
  await other.close();
});
