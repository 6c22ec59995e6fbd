import { expect, type Locator, type Page } from '@playwright/test';
import type { Stack } from '../../support/stack.ts';
import { open } from './page.ts';
import { newSymbol, publish } from './publish.ts';
import type { PageState } from './states.ts';

/** The dialog that says why an event is, or is not, in a column. */
export function whyDialog(page: Page): Locator {
  return page.locator('dialog[data-dialog=why]');
}

/** Asks through the command menu why an event of a symbol is not in the active column, with keys alone. */
export async function askWhyNot(page: Page, symbol: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await expect(page.locator('dialog[data-dialog=commands]')).toBeVisible();
  await page.keyboard.type('why is an event not here');
  await page.keyboard.press('Enter');
  await expect(whyDialog(page).getByLabel('Symbol')).toBeFocused();
  await page.keyboard.type(symbol);
  await page.keyboard.press('Enter');
}

/** What the dialog shows, by name, and how to get a page there: for screenshots. */
export const WHY_STATES: Record<string, PageState> = {
  why_excluded: {
    async enter(page, stack) {
      const symbol = await excluded(page, stack);
      await askWhyNot(page, symbol);
      await expect(whyDialog(page).locator('[data-why=answered]')).toBeVisible();
    },
  },
  why_choose: {
    async enter(page, stack) {
      const symbol = newSymbol('W');
      await publish(stack, ...[0.5, 0.62, 0.94].map(confidence => ({ tier: 'daily', symbol, confidence })));
      await open(page, { market: 'open' });
      await stored(stack, symbol, 3);
      await askWhyNot(page, symbol);
      await expect(whyDialog(page).locator('[data-found="3"]')).toBeVisible();
    },
  },
  why_not_found: {
    async enter(page) {
      await open(page, { market: 'open' });
      await askWhyNot(page, 'NOBODY');
      await expect(whyDialog(page).locator('[data-found="0"]')).toBeVisible();
    },
  },
  why_no_such_id: {
    expected: /status of 404/,
    async enter(page) {
      await open(page, { market: 'open' });
      await askWhyNot(page, 'NOBODY');
      await whyDialog(page).getByLabel('Or its id').fill('no-such-id');
      await whyDialog(page).getByLabel('Or its id').press('Enter');
      await expect(whyDialog(page).locator('[data-why=failed]')).toBeVisible();
    },
  },
  why_here: {
    async enter(page, stack) {
      const symbol = newSymbol('W');
      await publish(stack, { tier: 'daily', symbol, confidence: 0.91, direction: 'bullish', timeframe: '1day' });
      await open(page, { market: 'open', path: `/?d=sym:${symbol}+conf>%3D80` });
      await expect(page.locator(`[role=row][data-symbol="${symbol}"]`)).toHaveCount(1);
      await page.keyboard.press('1');
      await page.keyboard.press('j');
      await page.keyboard.press('Enter');
      await page.locator('.detail [data-action=why]').click();
      await expect(whyDialog(page).locator('[data-why=answered]')).toBeVisible();
    },
  },
};

/** Opens the page with a column whose filter leaves out a pattern that is there. */
async function excluded(page: Page, stack: Stack): Promise<string> {
  const symbol = newSymbol('W');
  await publish(stack, { tier: 'daily', symbol, confidence: 0.72 });
  await stored(stack, symbol, 1);
  await open(page, { market: 'open', path: `/?d=sym:${symbol}+conf>%3D80` });
  return symbol;
}

async function stored(stack: Stack, symbol: string, matching: number): Promise<void> {
  await expect
    .poll(() => stack.get(`/api/patterns/daily/count?minutes=5&symbols=${symbol}`))
    .toMatchObject({ matching });
}
