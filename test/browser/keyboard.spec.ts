import type { Page } from '@playwright/test';
import type { Stack } from '../support/stack.ts';
import { column, expect, newSymbol, open, publish, reload, rows, test } from './support/fixtures.ts';

const dialog = (page: Page, name: string) => page.locator(`[data-dialog=${name}]`);
const cursor = (page: Page, tier: 'daily' | 'intraday' | 'combo') =>
  column(page, tier).locator('[role=row][aria-selected=true]');

/** Opens the page with so many rows in each column, oldest symbol first; no others. */
async function openWithRows(page: Page, stack: Stack, count = 3): Promise<string[]> {
  const symbols = Array.from({ length: count }, () => newSymbol());
  for (const tier of ['daily', 'intraday', 'combo']) {
    await publish(stack, ...symbols.map(symbol => ({ tier, symbol, confidence: 0.8 })));
  }
  const filter = `sym:${symbols.join(',')}`;
  await open(page, { market: 'open', path: `/?${['d', 'i', 'c'].map(tier => `${tier}=${filter}`).join('&')}` });
  for (const tier of ['daily', 'intraday', 'combo'] as const) await expect(rows(page, tier)).toHaveCount(count);
  return symbols;
}

test('reaches everything by keyboard alone, with one stop for each column’s rows', async ({ page, stack }) => {
  await openWithRows(page, stack);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the columns' })).toBeFocused();
  const stops: string[] = [];
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      const name = element.getAttribute('aria-label') ?? element.textContent?.trim() ?? '';
      return `${element.getAttribute('role') ?? element.tagName.toLowerCase()} ${name}`;
    });
    if (stop === null) break;
    stops.push(stop);
  }
  expect(stops.filter(stop => stop.startsWith('grid '))).toEqual([
    'grid Daily patterns',
    'grid Intraday patterns',
    'grid Combo patterns',
  ]);
  const names = stops.join('\n');
  for (const part of [
    'Search commands',
    'Producer',
    'Latency',
    'Settings',
    'Hold Daily',
    'Collapse Combo',
    'Width of',
  ]) {
    expect(names).toContain(part);
  }
  // The end was reached: nothing keeps the focus.
  expect(stops.length).toBeLessThan(80);
});

test('goes to columns and rows, and back', async ({ page, stack }) => {
  const [oldest, middle, newest] = await openWithRows(page, stack);
  await page.keyboard.press('2');
  await expect(column(page, 'intraday').getByRole('grid')).toBeFocused();
  await page.keyboard.press('j');
  await expect(cursor(page, 'intraday')).toHaveAttribute('data-symbol', newest!);
  await page.keyboard.press('ArrowDown');
  await expect(cursor(page, 'intraday')).toHaveAttribute('data-symbol', middle!);
  await page.keyboard.press('Home');
  await expect(cursor(page, 'intraday')).toHaveAttribute('data-note', 'tape_end');
  await page.keyboard.press('k');
  await expect(cursor(page, 'intraday')).toHaveAttribute('data-symbol', oldest!);
  await page.keyboard.press('g');
  await page.keyboard.press('g');
  await expect(cursor(page, 'intraday')).toHaveAttribute('data-symbol', newest!);
  await page.keyboard.press('3');
  await expect(column(page, 'combo')).toHaveAttribute('data-active', 'true');
  await page.keyboard.press('End');
  await expect(cursor(page, 'combo')).toHaveAttribute('data-symbol', newest!);
});

test('keeps to the row that was chosen last, though one chosen before in another column fires again', async ({
  page,
  stack,
}) => {
  const [, middle, newest] = await openWithRows(page, stack);
  await page.keyboard.press('2');
  await page.keyboard.press('j');
  await expect(cursor(page, 'intraday')).toHaveAttribute('data-symbol', newest!);
  await page.keyboard.press('1');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await expect(cursor(page, 'daily')).toHaveAttribute('data-symbol', middle!);
  await publish(stack, { tier: 'intraday', symbol: newest, confidence: 0.9 });
  await expect(cursor(page, 'intraday')).toContainText('×2');
  await page.keyboard.press('x');
  for (const tier of ['daily', 'intraday', 'combo'] as const) {
    await expect(rows(page, tier)).toHaveCount(1);
    await expect(rows(page, tier)).toHaveAttribute('data-symbol', middle!);
  }
});

test('leaps a quarter of an hour, earlier and later', async ({ page, stack }) => {
  const start = Date.now() / 1_000 - 3_600;
  const symbols = [newSymbol(), newSymbol(), newSymbol()];
  for (const [at, symbol] of symbols.entries()) {
    await publish(stack, { tier: 'intraday', symbol, detection_timestamp: start + at * 1_000 });
  }
  await open(page, { market: 'open', path: `/?i=sym:${symbols.join(',')}` });
  await expect(rows(page, 'intraday')).toHaveCount(3);
  await page.keyboard.press('2');
  await page.keyboard.press('j');
  await page.keyboard.press('[');
  await expect(cursor(page, 'intraday')).toHaveAttribute('data-symbol', symbols[1]!);
  await page.keyboard.press('[');
  await expect(cursor(page, 'intraday')).toHaveAttribute('data-symbol', symbols[0]!);
  await page.keyboard.press(']');
  await expect(cursor(page, 'intraday')).toHaveAttribute('data-symbol', symbols[1]!);
});

test('shows only what is related, and everything again', async ({ page, stack }) => {
  const symbols = await openWithRows(page, stack);
  await page.keyboard.press('1');
  await page.keyboard.press('j');
  await expect(column(page, 'intraday').locator('[data-status=related]')).toContainText('1 related');
  await page.keyboard.press('x');
  await expect(rows(page, 'intraday')).toHaveCount(1);
  await expect(rows(page, 'intraday')).toHaveAttribute('data-symbol', symbols.at(-1)!);
  await page.keyboard.press('Escape');
  await expect(rows(page, 'intraday')).toHaveCount(3);
});

test('holds, pauses, and changes view, density and theme', async ({ page, stack }) => {
  await openWithRows(page, stack);
  await page.keyboard.press('2');
  await page.keyboard.press('h');
  await expect(column(page, 'intraday')).toHaveAttribute('data-hold', 'held');
  await expect(column(page, 'intraday').getByRole('button', { name: 'Hold Intraday' })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  await page.keyboard.press('h');
  await expect(column(page, 'intraday').getByRole('button', { name: 'Hold Intraday' })).toHaveAttribute(
    'aria-pressed',
    'false',
  );
  await page.keyboard.press('Space');
  await expect(column(page, 'daily')).toHaveAttribute('data-hold', 'paused');
  await page.keyboard.press('Space');
  await expect(column(page, 'daily')).not.toHaveAttribute('data-hold', 'paused');

  for (const view of ['top', 'stream', 'grouped']) {
    await page.keyboard.press('v');
    await expect(column(page, 'intraday')).toHaveAttribute('data-view', view);
  }
  await page.keyboard.press('d');
  await expect(page.locator('html')).toHaveAttribute('data-density', 'compact');
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.keyboard.press('t');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
});

test('keeps a hold over a reload', async ({ page, stack }) => {
  await openWithRows(page, stack);
  await page.keyboard.press('3');
  await page.keyboard.press('h');
  await reload(page);
  await expect(column(page, 'combo')).toHaveAttribute('data-hold', 'held');
  await expect(column(page, 'daily')).toHaveAttribute('data-hold', 'following');
});

test('finds commands by some of their letters, and runs them', async ({ page, stack }) => {
  await openWithRows(page, stack);
  await page.keyboard.press('2');
  await page.keyboard.press('ControlOrMeta+k');
  await expect(page.getByRole('combobox', { name: 'Search commands' })).toBeFocused();
  await page.keyboard.type('goco');
  await expect(dialog(page, 'commands').locator('[aria-selected=true]')).toContainText('Go to Combo');
  await page.keyboard.press('Enter');
  await expect(dialog(page, 'commands')).toBeHidden();
  await expect(column(page, 'combo').getByRole('grid')).toBeFocused();

  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.press('ArrowUp');
  await expect(dialog(page, 'commands').locator('[role=option]').last()).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.type('zzzz');
  await expect(dialog(page, 'commands')).toContainText('No command matches');
  await page.keyboard.press('Escape');
  await expect(dialog(page, 'commands')).toBeHidden();
  await expect(column(page, 'combo').getByRole('grid')).toBeFocused();
});

test('lists in its help every command there is, with its keys', async ({ page, stack }) => {
  await openWithRows(page, stack);
  await page.keyboard.press('?');
  const help = dialog(page, 'help');
  const expected: [title: string, keys: RegExp][] = [
    ['Go to Daily', /1/],
    ['Next row', /J.*↓/],
    ['Newest row', /G\s*G.*End/],
    ['Everything about the row', /Enter/],
    ['Pause or go on', /Space/],
    ['Hold or follow', /H/],
    ['Filter the column', /\//],
    ['All filters of the column', /F/],
    ['Star the row', /S/],
    ['Mute the row’s symbol', /M/],
    ['Copy the row', /C/],
    ['Export the column’s rows', /E/],
    ['Next view', /V/],
    ['Search commands', /(Ctrl|⌘) K/],
    ['Help and keyboard', /\?/],
  ];
  for (const [title, keys] of expected) {
    await expect(help.locator('dl > div', { hasText: title }).first().locator('dd')).toHaveText(keys);
  }
  await page.keyboard.press('Escape');
  await expect(help).toBeHidden();
});

test('leaves keys alone where they mean text or press something', async ({ page, stack }) => {
  await openWithRows(page, stack);
  await page.keyboard.press('/');
  const filter = column(page, 'daily').locator('[data-filter-text]');
  await expect(filter).toBeFocused();
  await page.keyboard.type('th ?');
  await expect(filter).toHaveValue(/th \?$/);
  await expect(page.locator('html')).toHaveAttribute('data-density', 'default');
  await expect(dialog(page, 'help')).toBeHidden();
  await expect(column(page, 'daily')).not.toHaveAttribute('data-hold', 'paused');

  await page.getByRole('button', { name: 'Settings' }).focus();
  await page.keyboard.press('Space');
  await expect(dialog(page, 'settings')).toBeVisible();
  await expect(column(page, 'daily')).not.toHaveAttribute('data-hold', 'paused');
  await page.keyboard.press('t');
  await expect(dialog(page, 'settings').getByRole('radio', { name: 'System' })).toBeChecked();
});

test('runs other keys where the user wants others, says what clashes, and none at all when turned off', async ({
  page,
  stack,
}) => {
  await openWithRows(page, stack);
  await page.getByRole('button', { name: 'Settings' }).click();
  const settings = dialog(page, 'settings');
  const row = settings.locator('tr', { hasText: 'Pause or go on' });
  const change = async (key: string) => {
    await row.getByRole('button', { name: /^Change/ }).click();
    await expect(settings.locator('.key-catcher')).toBeFocused();
    await page.keyboard.press(key);
  };
  await change('h');
  await expect(settings.locator('[data-clash=h]')).toContainText('Hold or follow the column');
  await change('p');
  await expect(row.locator('kbd')).toHaveText('P');
  await expect(settings.locator('[data-clash]')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(settings).toBeHidden();

  // The focus is on the button again, which Space would press.
  await page.keyboard.press('1');
  await page.keyboard.press('Space');
  await expect(column(page, 'daily')).not.toHaveAttribute('data-hold', 'paused');
  await page.keyboard.press('p');
  await expect(column(page, 'daily')).toHaveAttribute('data-hold', 'paused');
  await reload(page);
  await expect(rows(page, 'daily')).toHaveCount(3);
  await page.keyboard.press('p');
  await expect(column(page, 'daily')).toHaveAttribute('data-hold', 'paused');
  await page.keyboard.press('p');

  await page.getByRole('button', { name: 'Settings' }).click();
  await settings.getByRole('checkbox', { name: /^Single keys/ }).uncheck();
  await page.keyboard.press('Escape');
  await page.keyboard.press('p');
  await page.keyboard.press('?');
  await page.keyboard.press('ControlOrMeta+k');
  await expect(dialog(page, 'commands')).toBeVisible();
  await expect(dialog(page, 'help')).toBeHidden();
  await expect(column(page, 'daily')).not.toHaveAttribute('data-hold', 'paused');
});
