import type { Page } from '@playwright/test';
import { axe, expect, newSymbol, open, publish, rows, socketsOf, test } from './support/fixtures.ts';

const heading = (page: Page) => page.locator('main:visible').getByRole('heading', { level: 2 }).first();
const links = (page: Page) => page.getByRole('navigation', { name: 'Pages' });

test('goes to another page and back without loading anything anew, and misses no pattern meanwhile', async ({
  page,
  stack,
}) => {
  const symbols = [newSymbol(), newSymbol()];
  const sockets = socketsOf(page);
  await open(page, { market: 'open', path: `/?d=sym:${symbols.join(',')}` });
  const search = new URL(page.url()).search;
  await publish(stack, { tier: 'daily', symbol: symbols[0] });
  await expect(rows(page, 'daily')).toHaveCount(1);
  const opened = sockets.opened('daily');

  await page.keyboard.press('g');
  await page.keyboard.press('a');
  await expect(heading(page)).toHaveText('Operations');
  await expect(heading(page)).toBeFocused();
  await expect(page).toHaveURL(/\/admin$/);
  await expect(page).toHaveTitle('Operations – TickStock Edge');
  await expect(links(page).getByRole('link', { name: 'Operations' })).toHaveAttribute('aria-current', 'page');
  await expect(rows(page, 'daily').first()).toBeHidden();
  await publish(stack, { tier: 'daily', symbol: symbols[1] });
  await expect
    .poll(() => sockets.received('daily', 'events').some(frame => JSON.stringify(frame).includes(`"${symbols[1]}"`)))
    .toBe(true);
  // Keys of the columns are of no use here.
  await page.keyboard.press('d');
  await page.keyboard.press('h');
  await page.keyboard.press('d');

  await page.keyboard.press('g');
  await page.keyboard.press('l');
  await expect(page).toHaveTitle('TickStock Edge');
  await expect(page.locator('#columns')).toBeFocused();
  await expect(rows(page, 'daily')).toHaveCount(2);
  await expect(page.locator('[data-column=daily]')).toHaveAttribute('data-hold', 'following');
  expect(new URL(page.url()).search).toBe(search);
  expect(sockets.opened('daily')).toBe(opened);
});

test('steps through pages with the browser’s history, its links and the command menu', async ({ page }) => {
  await open(page, { path: '/?d=conf>=70' });
  await links(page).getByRole('link', { name: 'Operations' }).click();
  await expect(heading(page)).toHaveText('Operations');
  await page.goBack();
  await expect(page.locator('#columns')).toBeVisible();
  await expect(page).toHaveURL(/\?d=conf%3E=70|\?d=conf>=70/);
  await page.goForward();
  await expect(heading(page)).toHaveText('Operations');
  await page.keyboard.press('ControlOrMeta+k');
  await expect(page.getByRole('combobox', { name: 'Search commands' })).toBeFocused();
  await page.keyboard.type('go to live');
  await page.keyboard.press('Enter');
  await expect(page.locator('#columns')).toBeVisible();
});

test('opens at any page, and says so where there is none', async ({ page }) => {
  await page.addInitScript(() => localStorage.setItem('tickstock.tour_seen', 'true'));
  await page.goto('/admin');
  await expect(heading(page)).toHaveText('Operations');
  await expect(page.locator('.pill[data-tier=daily]')).toHaveAttribute('data-link', 'up');
  await page.goto('/nowhere');
  await expect(heading(page)).toHaveText('There is no such page');
  await expect(page.locator('main:visible')).toContainText('/nowhere');
  await axe(page);
  await page.getByRole('link', { name: 'Go to the live patterns' }).click();
  await expect(page.locator('[data-column=daily]')).toBeVisible();
});

test.describe('a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('has the way to other pages behind a button', async ({ page }) => {
    await open(page);
    await page.getByRole('button', { name: 'Menu' }).click();
    await links(page).getByRole('link', { name: 'Operations' }).click();
    await expect(heading(page)).toHaveText('Operations');
    await expect(heading(page)).toBeFocused();
    await expect(links(page)).toBeHidden();
    await axe(page);
  });

  test('has its commands and its help there too', async ({ page }) => {
    await open(page);
    const menu = page.getByRole('button', { name: 'Menu' });
    await menu.click();
    await axe(page);
    await page.getByRole('button', { name: 'Help and keyboard' }).click();
    await expect(page.getByRole('dialog', { name: 'Help' })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(menu).toBeFocused();
    await menu.click();
    await page.getByRole('button', { name: 'Search commands' }).click();
    await page.getByRole('combobox', { name: 'Search commands' }).fill('operat');
    await page.getByRole('option', { name: /Operations/ }).click();
    await expect(heading(page)).toHaveText('Operations');
  });
});
