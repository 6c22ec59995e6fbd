import { expect, type Page } from '@playwright/test';
import type { Tier } from '../../../shared/topics.ts';
import type { Stack } from '../../support/stack.ts';
import { axeEverywhere } from './axe.ts';
import { column, rows } from './page.ts';
import type { Problems } from './problems.ts';
import { STATES } from './states.ts';

export const notice = (page: Page, tier: Tier) => column(page, tier).locator('[data-notice]');
const status = (page: Page, tier: Tier, name: string) => column(page, tier).locator(`[data-status=${name}]`);
export const pill = (page: Page, tier: Tier) => page.locator(`[data-popover-of=${tier}]`);
const label = (page: Page, tier: Tier) => column(page, tier).locator('.states');

/** What a page in each state says, besides what the name of the state promises. */
const SAYS: Record<string, (page: Page) => Promise<void>> = {
  async connecting(page) {
    await expect(label(page, 'daily')).toContainText('Connecting');
    await expect(notice(page, 'daily').locator('.skeleton-row')).toHaveCount(8);
    await expect(pill(page, 'daily')).toHaveAttribute('data-link', 'waiting');
  },
  async live(page) {
    await expect(label(page, 'intraday')).toContainText('Live');
    await expect(notice(page, 'intraday')).toHaveCount(0);
  },
  async held(page) {
    await expect(label(page, 'daily')).toContainText('Held');
    await expect(column(page, 'daily').locator('.new-pill')).toHaveText(/^\d+ new, \d+ above 90$/);
  },
  async paused(page) {
    await expect(label(page, 'daily')).toContainText('Paused');
    await expect(column(page, 'daily').locator('.new-pill')).toHaveText(/^\d+ new/);
    await expect(page.getByRole('button', { name: 'Paused' })).toHaveAttribute('aria-pressed', 'true');
  },
  async filtered(page) {
    await expect(notice(page, 'daily')).toContainText('No Daily patterns match');
    await expect(notice(page, 'daily').getByRole('button', { name: 'Clear' })).toBeVisible();
  },
  async quiet(page) {
    await expect(notice(page, 'intraday')).toContainText('Quiet. No pattern yet. ');
    await expect(notice(page, 'intraday')).toContainText(/Pipeline heartbeat \d+ s ago/, { timeout: 20_000 });
  },
  async closed_market(page) {
    await expect(notice(page, 'daily')).toContainText(/^☾Market closed: Day of Rest\. Opens .* ET, in /);
    await expect(label(page, 'daily')).toContainText('Closed');
    await expect(rows(page, 'daily').first()).toBeAttached();
  },
  async stale(page) {
    await expect(notice(page, 'intraday')).toContainText(/Data (stale: no pipeline heartbeat yet|\d+ s old|1 min old)/);
    await expect(label(page, 'intraday')).not.toContainText('Live');
    // The connection stands all the same, and nothing takes it for live data.
    await expect(pill(page, 'intraday')).toHaveAttribute('data-link', 'up');
    await expect(pill(page, 'intraday')).toHaveAttribute('data-freshness', 'stale');
    await expect(pill(page, 'intraday')).toContainText(/old|no data/);
  },
  async reconnecting(page) {
    await expect(notice(page, 'daily')).toContainText(/Connection lost.* Attempt \d+ (now|in \d+ s)/);
    await expect(notice(page, 'daily').getByRole('button', { name: 'Retry now' })).toBeVisible();
    await expect(rows(page, 'daily').first()).toBeAttached();
  },
  async backfilling(page) {
    await expect(label(page, 'daily')).toContainText('Backfilling');
    await expect(notice(page, 'daily')).toContainText('Backfilling');
  },
  async rate_limited(page) {
    await expect(column(page, 'daily')).toHaveAttribute('data-limited', 'true');
    await expect(status(page, 'daily', 'withheld')).toContainText(/Over 100\/s: \d+ not sent in \d+ s/);
    await expect(status(page, 'daily', 'withheld').getByRole('button', { name: 'Tighten filters' })).toBeVisible();
  },
  async error(page) {
    await expect(notice(page, 'daily')).toContainText('You may not read this tier from here (4003). Ask');
    await expect(notice(page, 'daily').getByRole('button')).toHaveCount(0);
  },
  async offline(page) {
    await expect(notice(page, 'daily')).toContainText(/Offline since .*: what is shown stays/);
    await expect(rows(page, 'daily').first()).toBeAttached();
  },
};

/** Brings a page into a state of the columns, and fails unless it says so, to everyone. */
export async function expectState(
  name: string,
  { page, stack, problems }: { page: Page; stack: Stack; problems: Problems },
): Promise<void> {
  const { enter, leave, expected } = STATES[name]!;
  if (expected) problems.allow(expected);
  try {
    await enter(page, stack);
    await SAYS[name]!(page);
    await axeEverywhere(page);
  } finally {
    await page.context().setOffline(false);
    await leave?.(stack);
  }
}
