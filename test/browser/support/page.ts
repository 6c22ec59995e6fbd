import { expect, type Locator, type Page } from '@playwright/test';
import { TIERS, type Tier } from '../../../shared/topics.ts';
import { closeMarket, openMarket } from './market.ts';

export interface OpenOptions {
  /** Path and query, e.g. `/?d=…`; default `/`. */
  path?: string;
  /** Makes the exchange open or closed now, whatever day it is; absent: as it is. */
  market?: 'open' | 'closed';
  /** What the browser keeps from earlier, by the setting's key: `{ theme: 'light' }`. The tour counts as seen. */
  stored?: Record<string, unknown>;
}

/** Goes to the page and waits until its three columns are no longer connecting, and keys work. */
export async function open(page: Page, { path = '/', market, stored = {} }: OpenOptions = {}): Promise<void> {
  if (market === 'open') await openMarket(page);
  if (market === 'closed') await closeMarket(page);
  await page.addInitScript(keepOnce, { tour_seen: true, ...stored });
  await page.goto(path);
  for (const tier of TIERS) await expect(column(page, tier)).toHaveAttribute('data-state', /^(?!connecting$)/);
  await keysWork(page);
}

/** Loads the page again and waits until keys work. */
export async function reload(page: Page): Promise<void> {
  await page.reload();
  await keysWork(page);
}

/** A tier's column, with its header and filters. */
export function column(page: Page, tier: Tier): Locator {
  return page.locator(`[data-column="${tier}"]`);
}

/** The patterns a column has drawn; `data-symbol`, `data-seq` and `data-key` say which. */
export function rows(page: Page, tier: Tier): Locator {
  return column(page, tier).locator('[role=row][data-seq]');
}

async function keysWork(page: Page): Promise<void> {
  await expect(page.locator('html')).toHaveAttribute('data-keys', 'ready');
}

/** Runs in the page, before its scripts, at every load: what a test changes by hand outlives a reload. */
function keepOnce(stored: Record<string, unknown>): void {
  if (sessionStorage.getItem('tickstock.test.kept')) return;
  sessionStorage.setItem('tickstock.test.kept', '1');
  for (const [key, value] of Object.entries(stored)) localStorage.setItem(`tickstock.${key}`, JSON.stringify(value));
}
