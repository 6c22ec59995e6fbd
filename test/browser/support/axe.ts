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

interface AxeWindow {
  axe: { run(selector: string, options: RunOptions): Promise<AxeResults> };
}
