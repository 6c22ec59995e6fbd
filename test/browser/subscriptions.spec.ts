import type { Page } from '@playwright/test';
import { axe, column, expect, newSymbol, open, publish, reload, rows, socketsOf, test } from './support/fixtures.ts';

const dialog = (page: Page) => page.getByRole('dialog', { name: 'Subscriptions' });
const subscription = (page: Page, name: string) => dialog(page).locator(`[data-subscription="${name}"]`);
const row = (page: Page, symbol: string) => rows(page, 'daily').and(page.locator(`[data-symbol="${symbol}"]`));

/** Opens the manager from the panel of the daily column. */
async function manage(page: Page): Promise<void> {
  await column(page, 'daily').locator('[data-filters-of]').click();
  await page.getByRole('button', { name: 'Subscriptions…' }).click();
  await expect(dialog(page)).toBeVisible();
}

/** Fills in the form of a new subscription, and saves it. */
async function add(page: Page, name: string, filter: string): Promise<void> {
  await dialog(page).getByRole('button', { name: 'Add a subscription' }).click();
  await dialog(page).getByLabel('Name').fill(name);
  await dialog(page).getByLabel('Filter', { exact: true }).fill(filter);
  await dialog(page).getByRole('button', { name: 'Save' }).click();
}

test('subscriptions are added, paused, edited and deleted, and the server follows', async ({ page, stack }) => {
  const sockets = socketsOf(page);
  const [low, second, third] = [newSymbol('M'), newSymbol('M'), newSymbol('M')];
  await publish(stack, { tier: 'daily', symbol: low, confidence: 0.3 });
  await open(page, { path: '/?d=conf%3E=99', market: 'open' });
  await manage(page);
  await add(page, 'Low ones', `sym:${low}`);
  await expect(subscription(page, 'Low ones')).toContainText(`${low}`);
  await expect(subscription(page, 'Low ones').locator('[data-rate]')).toContainText('1 of ');
  await expect(row(page, low)).toHaveCount(1);
  expect(sockets.sent('daily', 'subscribe').at(-1)).toMatchObject({ id: 'n-Low ones', filter: { symbols: [low] } });
  expect(new URL(page.url()).search).toContain(`d=@%22Low+ones%22+sym:${low}`);

  await dialog(page).getByRole('button', { name: 'Pause Low ones' }).click();
  await expect.poll(() => sockets.sent('daily', 'unsubscribe')).toMatchObject([{ id: 'n-Low ones' }]);
  await expect(subscription(page, 'Low ones')).toContainText('Paused');
  await expect(row(page, low)).toHaveCount(0);
  await dialog(page).getByRole('button', { name: 'Resume Low ones' }).click();
  await expect(row(page, low)).toHaveCount(1);

  await dialog(page).getByRole('button', { name: 'Edit Low ones' }).click();
  await dialog(page).getByLabel('Name').fill('Mine');
  await dialog(page).getByLabel('Symbols: paste a list').fill(`${second};${third}\t${second}, C%C`);
  await dialog(page).getByLabel('Symbols: paste a list').press('Enter');
  await expect(dialog(page).locator('.symbol-list [role=status]')).toHaveText(
    `2 added; 1 there already: ${second}; 1 no symbols: C%C`,
  );
  await expect(dialog(page).locator('[data-expected]')).toContainText('Expected: about');
  await dialog(page).getByRole('button', { name: 'Save' }).click();
  await expect(dialog(page).getByRole('button', { name: 'Edit Mine' })).toBeFocused();
  await expect
    .poll(() => sockets.sent('daily', 'subscribe').at(-1)?.filter)
    .toEqual({ symbols: [low, second, third].sort() });
  await expect(column(page, 'daily').getByText('+1 subscription')).toBeVisible();

  await publish(stack, { tier: 'daily', symbol: third, confidence: 0.2 });
  await expect(row(page, third)).toHaveCount(1);
  await dialog(page).getByRole('button', { name: 'Delete Mine' }).click();
  await expect(subscription(page, 'Mine')).toHaveCount(0);
  await expect(row(page, third)).toHaveCount(0);
  await expect(dialog(page).getByRole('button', { name: /Delete/ })).toHaveCount(0);
});

test('an event that several subscriptions match comes once', async ({ page, stack }) => {
  const sockets = socketsOf(page);
  const symbol = newSymbol('O');
  await open(page, { path: `/?d=sym:${symbol}&d=@again+sym:${symbol}&d=@all`, market: 'open' });
  await expect.poll(() => sockets.received('daily', 'subscribed').length).toBe(3);
  await publish(stack, { tier: 'daily', symbol, confidence: 0.95 });
  await expect(row(page, symbol)).toHaveCount(1);
  const live = sockets
    .received('daily', 'events')
    .filter(({ replay }) => !replay)
    .flatMap(({ events }) => (events as { symbol: string }[]).filter(event => event.symbol === symbol));
  expect(live).toHaveLength(1);
  await manage(page);
  await expect(dialog(page)).toContainText('comes once');
});

test('what the server would refuse is told before it is saved', async ({ page }) => {
  await open(page);
  await manage(page);
  await dialog(page).getByRole('button', { name: 'Add a subscription' }).click();
  await dialog(page).getByRole('button', { name: 'Save' }).click();
  await expect(dialog(page).getByRole('alert')).toHaveText('A subscription needs a name');
  await dialog(page).getByLabel('Name').fill('Main');
  await expect(dialog(page).getByRole('alert')).toHaveText('There is a subscription “Main” already');
  await dialog(page).getByLabel('Name').fill('Many');
  await dialog(page).getByLabel('Filter', { exact: true }).fill('foo:bar dir:up');
  await expect(dialog(page).getByRole('alert')).toContainText('“foo:bar” at 1: there is no filter "foo"');
  await expect(dialog(page).getByRole('alert')).toContainText('for the main filter');
  const many = Array.from({ length: 1_000 }, (_, at) => `Y${at}`);
  await dialog(page)
    .getByLabel('Filter', { exact: true })
    .fill(`sym:${many.join(',')}`);
  await expect(dialog(page).getByRole('alert')).toHaveText('1,002 listed values, the server takes at most 1,000');
  await expect(dialog(page).getByRole('button', { name: 'Save' })).toBeDisabled();
  await dialog(page).getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog(page).getByRole('button', { name: 'Add a subscription' })).toBeFocused();
});

test('a refusal of the server is told at the subscription that caused it', async ({ page }) => {
  // Each within what the page is told, but not together with what the server knows: here it is made to know less.
  await page.routeWebSocket(/\/ws\/daily$/, socket => {
    const server = socket.connectToServer();
    socket.onMessage(message => {
      const { type, id, filter } = JSON.parse(String(message).startsWith('{') ? String(message) : '{}');
      if (type === 'subscribe' && id === 'n-Odd') filter.sectors = ['Tech'];
      server.send(filter ? JSON.stringify({ ...JSON.parse(String(message)), filter }) : message);
    });
  });
  await open(page);
  await manage(page);
  await add(page, 'Odd', 'prio:high');
  await expect(subscription(page, 'Odd').locator('[data-refusal=bad_filter]')).toContainText('Refused by the server');
  await expect(subscription(page, 'Main').locator('[data-refusal]')).toHaveCount(0);
});

test('what is hidden here is told against what the server sends, and the limits are told', async ({ page }) => {
  await open(page, { path: '/?d=sym:A,B+dir:up' });
  await manage(page);
  await expect(dialog(page).locator('[data-hidden-here]')).toContainText('all but direction up');
  await expect(dialog(page).locator('[data-usage="listed values"]')).toHaveText('3 of 1,000 listed values');
  await expect(dialog(page).locator('[data-usage=subscriptions]')).toHaveText('1 of 32 subscriptions');
  await dialog(page).getByText('Intraday', { exact: true }).click();
  await expect(dialog(page).locator('[data-hidden-here]')).toContainText('Nothing of what the server sends is hidden');
  await dialog(page).getByRole('button', { name: 'Edit Main' }).click();
  await axe(page, { within: '[data-dialog=subscriptions]' });
});

test.describe('saved views', () => {
  test('keep all columns’ filters and view modes, come back, and can be undone', async ({ page }) => {
    const name = page.getByLabel('Save what is shown now as');
    const views = page.getByRole('dialog', { name: 'Saved views' });
    const openViews = async () => {
      await column(page, 'daily').locator('[data-filters-of]').click();
      await page.getByRole('button', { name: 'Views…' }).click();
    };
    await open(page, { path: '/?d=conf%3E=91&i=@x+NVDA&v=stg' });
    await openViews();
    await name.fill('Morning');
    await views.getByRole('button', { name: 'Save' }).click();
    await expect(views.locator('[data-view=Morning]')).toContainText('Daily: confidence ≥ 91');
    await axe(page, { within: '[data-dialog=views]' });
    await views.getByRole('button', { name: 'Rename Morning' }).click();
    await expect(views.getByLabel('New name of Morning')).toBeFocused();
    await page.keyboard.type('Opening');
    await page.keyboard.press('Enter');
    await expect(views.locator('[data-view=Opening]')).toBeVisible();

    await open(page, { path: '/?d=conf%3E=55&i=conf%3E=55&v=ggg' });
    await openViews();
    await views.locator('[data-view=Opening] .view-apply').click();
    await expect(views).toHaveCount(0);
    await expect(column(page, 'daily').locator('[data-confidence]')).toContainText('≥ 91');
    await expect(column(page, 'daily')).toHaveAttribute('data-view', 'stream');
    await expect(column(page, 'intraday').getByText('+1 subscription')).toBeVisible();
    await page.goBack();
    await expect(column(page, 'daily').locator('[data-confidence]')).toContainText('≥ 55');
    await expect(column(page, 'daily')).toHaveAttribute('data-view', 'grouped');
    await page.goForward();
    await expect(column(page, 'daily').locator('[data-confidence]')).toContainText('≥ 91');

    await openViews();
    await views.getByRole('button', { name: 'Delete Opening' }).click();
    await expect(views).toContainText('Nothing saved yet');
  });

  test('are shared as a link, unless they are too long for one', async ({ page, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const views = page.getByRole('dialog', { name: 'Saved views' });
    await open(page, { path: '/?d=NVDA' });
    await column(page, 'daily').locator('[data-filters-of]').click();
    await page.getByRole('button', { name: 'Views…' }).click();
    await views.getByRole('button', { name: 'Copy a link' }).click();
    await expect(views).toContainText('Link copied.');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('?d=sym:NVDA&i=conf%3E=60');
    await page.keyboard.press('Escape');

    await column(page, 'daily').locator('[data-filters-of]').click();
    const list = page.locator('[data-popover=filters]:popover-open').getByLabel('Only these');
    await list.fill(Array.from({ length: 300 }, (_, at) => `LONG${at}`).join(' '));
    await list.press('Enter');
    await expect.poll(() => new URL(page.url()).search).toBe('');
    await page.getByRole('button', { name: 'Views…' }).click();
    await expect(views).toContainText('Too long for a link');
    await reload(page);
    await expect(column(page, 'daily')).toContainText('LONG0, LONG1 +299');
  });
});
