import type { Page } from '@playwright/test';
import { TIERS, type Tier } from '../../shared/topics.ts';
import { column, expect, newSymbol, open, publish, reload, rows, test } from './support/fixtures.ts';

const rail = (page: Page, tier: Tier) => page.locator(`[data-rail=${tier}]`);
const choice = (page: Page, tier: Tier) => page.locator(`[data-switch=${tier}]`);
const widthOf = async (page: Page, tier: Tier) => (await column(page, tier).boundingBox())!.width;

test.describe('a wide screen', () => {
  test.use({ viewport: { width: 1440, height: 900 } });

  test('shows three columns, and collapses each to a rail that stays after a reload', async ({ page, stack }) => {
    const symbol = newSymbol();
    await open(page, { market: 'open', path: `/?i=sym:${symbol}` });
    for (const tier of TIERS) await expect(column(page, tier)).toBeVisible();
    const before = await widthOf(page, 'daily');
    await page.getByRole('button', { name: 'Collapse Intraday' }).click();
    await expect(column(page, 'intraday')).toBeHidden();
    expect((await rail(page, 'intraday').boundingBox())!.width).toBe(40);
    expect(await widthOf(page, 'daily')).toBeGreaterThan(before);

    await publish(stack, { tier: 'intraday', symbol });
    await expect(rail(page, 'intraday')).toHaveAccessibleName('Show Intraday: Live, 1 new');
    await reload(page);
    await expect(rail(page, 'intraday')).toBeVisible();
    await rail(page, 'intraday').click();
    await expect(column(page, 'intraday')).toBeVisible();
    await expect(rows(page, 'intraday')).toHaveCount(1);
  });

  test('never collapses the last column', async ({ page }) => {
    await open(page);
    for (const title of ['Daily', 'Intraday']) await page.getByRole('button', { name: `Collapse ${title}` }).click();
    await expect(page.getByRole('button', { name: /^Collapse/ })).toHaveCount(0);
    await expect(column(page, 'combo')).toBeVisible();
  });

  test('gives columns other widths by pointer and by keyboard, and keeps them', async ({ page }) => {
    await open(page);
    const line = page.getByRole('separator', { name: 'Width of Daily against Intraday' });
    const before = await widthOf(page, 'daily');
    const box = (await line.boundingBox())!;
    await page.mouse.move(box.x + 4, box.y + 300);
    await page.mouse.down();
    await page.mouse.move(box.x + 104, box.y + 300, { steps: 4 });
    await page.mouse.up();
    expect(await widthOf(page, 'daily')).toBeCloseTo(before + 100, -1);

    await expect(line).toBeFocused();
    await page.keyboard.press('ArrowLeft');
    const narrower = await widthOf(page, 'daily');
    expect(narrower).toBeCloseTo(before + 84, -1);
    await reload(page);
    await expect(column(page, 'daily')).toBeVisible();
    expect(await widthOf(page, 'daily')).toBeCloseTo(narrower, 0);

    await line.focus();
    await page.keyboard.press('Home');
    expect(await widthOf(page, 'daily')).toBeCloseTo(280, 0);
    await line.dblclick();
    expect(await widthOf(page, 'daily')).toBeCloseTo(before, 0);
  });
});

test.describe('a tablet', () => {
  test.use({ viewport: { width: 900, height: 800 } });

  test('shows two columns, and brings the third in for the one that was used least lately', async ({ page }) => {
    await open(page);
    await expect(rail(page, 'combo')).toBeVisible();
    await column(page, 'daily').locator('h2').click();
    await rail(page, 'combo').click();
    await expect(column(page, 'combo')).toBeVisible();
    await expect(column(page, 'daily')).toBeVisible();
    await expect(rail(page, 'intraday')).toBeVisible();
  });
});

test.describe('a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('shows one column, says what is new in the others, and draws none of it', async ({ page, stack }) => {
    const symbol = newSymbol();
    await open(page, {
      market: 'open',
      path: `/?${['d', 'i', 'c'].map(tier => `${tier}=sym:${symbol}`).join('&')}`,
    });
    await expect(column(page, 'daily')).toBeVisible();
    await expect(column(page, 'combo')).toBeHidden();
    await publish(stack, { tier: 'daily', symbol }, { tier: 'daily', symbol }, { tier: 'combo', symbol });
    await expect(rows(page, 'daily')).toHaveCount(1);
    await expect(rows(page, 'daily').getByText('×2')).toBeVisible();
    await expect(choice(page, 'combo')).toHaveAccessibleName(/^Combo: .*, 1 new$/);
    await expect(rows(page, 'combo')).toHaveCount(0);

    await choice(page, 'combo').click();
    await expect(choice(page, 'combo')).toHaveAttribute('aria-pressed', 'true');
    await expect(column(page, 'daily')).toBeHidden();
    await expect(rows(page, 'combo')).toHaveCount(1);
    await expect(choice(page, 'combo')).toHaveAccessibleName(/^Combo: \w+$/);
    expect((await rows(page, 'combo').boundingBox())!.height).toBe(56);
  });

  test('has its view and filters in a sheet from below', async ({ page }) => {
    await open(page);
    await expect(column(page, 'daily').locator('[data-filters]')).toHaveCount(0);
    await page.getByRole('button', { name: 'View and filters of Daily' }).click();
    const sheet = page.locator('[data-dialog=filters]');
    await expect(sheet.locator('[data-filter-text]')).toBeVisible();
    const box = (await sheet.boundingBox())!;
    expect(box.y + box.height).toBeCloseTo(844, 0);
    await sheet.getByText('Stream', { exact: true }).click();
    await expect(column(page, 'daily')).toHaveAttribute('data-view', 'stream');
    await sheet.getByRole('button', { name: 'Close', exact: true }).click();
    await expect(sheet).toBeHidden();
  });
});

test('fits every width without scrolling sideways, with targets large enough to hit', async ({ page, stack }) => {
  for (const tier of TIERS) await publish(stack, { tier, symbol: newSymbol(), source: 'tickstock_simulator' });
  await open(page, { market: 'open' });
  for (const width of [1_600, 1_440, 1_200, 1_199, 1_024, 900, 768, 767, 390, 360]) {
    await page.setViewportSize({ width, height: 844 });
    await expect(page.locator('.page')).toHaveAttribute(
      'data-device',
      width >= 1_200 ? 'desktop' : width >= 768 ? 'tablet' : 'phone',
    );
    const least = width < 768 ? 44 : 24;
    const found = await page.evaluate(tooSmall, least);
    expect(found, `at ${width} px`).toEqual([]);
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(beyond, `beyond ${width} px`).toBeLessThanOrEqual(0);
    const header = (await page.locator('.top').boundingBox())!;
    expect(header.height, `the header at ${width} px`).toBeLessThanOrEqual(width < 768 ? 124 : 72);
  }
});

/** Runs in the page: what can be pressed and is smaller than `least` pixels either way. */
function tooSmall(least: number): string[] {
  const pressable =
    'button, a[href], [role=button], .segmented label, input:not([type=radio], .visually-hidden), summary';
  return [...document.querySelectorAll<HTMLElement>(pressable)]
    .filter(element => element.checkVisibility({ visibilityProperty: true }) && !element.matches('.skip'))
    .map(element => ({ element, box: element.getBoundingClientRect() }))
    .filter(({ box }) => box.width > 0 && (box.width < least - 0.5 || box.height < least - 0.5))
    .map(
      ({ element, box }) =>
        `${element.tagName.toLowerCase()}.${element.className} “${element.getAttribute('aria-label') ?? element.textContent?.slice(0, 30)}” ${Math.round(box.width)}×${Math.round(box.height)}`,
    );
}
