import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, type Page } from '@playwright/test';
import type { AxeResults, RunOptions } from 'axe-core';

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * Fails on every violation that axe finds in the page as it stands, or in what `within` selects of it, with what is
 * wrong and where. Its source is evaluated by the debugger, which no Content-Security-Policy stops.
 */
export async function axe(
  page: Page,
  { within = 'html', ...options }: { within?: string } & RunOptions = {},
): Promise<void> {
  if (!(await page.evaluate('"axe" in globalThis'))) await page.evaluate(SOURCE);
  const { violations } = await page.evaluate(
    ([selector, options]) => (globalThis as unknown as AxeWindow).axe.run(selector, options),
    [within, { resultTypes: ['violations'], ...options } as RunOptions] as const,
  );
  const found = violations.map(({ id, impact, help, nodes }) => ({
    [`${id} (${impact}): ${help}`]: nodes.map(({ target, html, failureSummary }) => ({
      target: target.join(' '),
      html,
      why: failureSummary
        ?.split('\n')
        .slice(1)
        .map(line => line.trim()),
    })),
  }));
  expect(found, 'accessibility').toEqual([]);
}

/** Of the phone's layout, the tablet's and the desktop's. */
const WIDTHS = [1_440, 900, 390];

/**
 * Fails on what `axe` fails on, in the dark theme at every width and in the light one, and where the page is wider than its
 * window. Themes differ in nothing but colours: of the second only contrast is looked at, where layouts are least alike.
 */
export async function axeEverywhere(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 844 });
    await axe(page);
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(beyond, `beyond ${width} px`).toBeLessThanOrEqual(0);
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await axe(page, CONTRAST);
  await page.setViewportSize({ width: WIDTHS[0]!, height: 844 });
  await axe(page, CONTRAST);
}

/** All that a theme can do wrong. */
export const CONTRAST: RunOptions = { runOnly: ['color-contrast'] };

interface AxeWindow {
  axe: { run(selector: string, options: RunOptions): Promise<AxeResults> };
}
