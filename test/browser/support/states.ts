import { expect, type Page, type WebSocketRoute } from '@playwright/test';
import { TIERS, type Tier } from '../../../shared/topics.ts';
import type { Stack } from '../../support/stack.ts';
import { column, open, rows } from './page.ts';
import { newSymbol, publish } from './publish.ts';

/** A state that the columns can be in, and how to get a page there. */
export interface PageState {
  /** Brings a page that is not open yet into the state. */
  enter(page: Page, stack: Stack): Promise<void>;
  /** Puts right what `enter` did to the stack. */
  leave?(stack: Stack): Promise<void>;
  /** Errors that the browser logs of what `enter` does. */
  expected?: RegExp;
  /** Stops a part of the stack, or waits long for what does not come. */
  isOutage?: true;
  /** Needs a stack that nothing was published on. */
  needsEmpty?: true;
  /** There is none on wider screens. */
  isOfPhones?: true;
  /** Takes its theme when it is loaded. */
  isDocument?: true;
}

const SOCKETS = /\/ws\//;
const LOST = /WebSocket connection to .* failed|Failed to load resource|ERR_INTERNET_DISCONNECTED/;

/**
 * Every state of the columns, by its name: reached as in real life, or where that takes minutes or a hostile server, by a
 * server in the browser that behaves so. For what must hold in each of them: screenshots, accessibility.
 */
export const STATES: Record<string, PageState> = {
  connecting: {
    async enter(page) {
      // Accepts, and never greets.
      await page.routeWebSocket(SOCKETS, () => undefined);
      await page.addInitScript(() => localStorage.setItem('tickstock.tour_seen', 'true'));
      await page.goto('/');
      await inState(page, 'connecting');
    },
  },
  live: {
    enter: openLively,
  },
  held: {
    async enter(page, stack) {
      await openLively(page, stack);
      await page.keyboard.press('1');
      await page.keyboard.press('h');
      await expect(column(page, 'daily')).toHaveAttribute('data-hold', 'held');
      await publish(stack, ...burst('daily', 12));
      await expect(column(page, 'daily')).toContainText(/\d+ new/);
    },
  },
  paused: {
    async enter(page, stack) {
      await openLively(page, stack);
      await page.keyboard.press('Space');
      await expect(column(page, 'daily')).toHaveAttribute('data-hold', 'paused');
      await publish(stack, ...burst('daily', 12));
      await expect(column(page, 'daily')).toContainText(/\d+ new/);
    },
  },
  filtered: {
    async enter(page, stack) {
      await publish(stack, ...TIERS.flatMap(tier => burst(tier, 5)));
      await open(page, { market: 'open', path: `/?${['d', 'i', 'c'].map(tier => `${tier}=sym:NONE`).join('&')}` });
      await inState(page, 'empty');
    },
  },
  quiet: {
    isOutage: true,
    needsEmpty: true,
    async enter(page) {
      await open(page, { market: 'open' });
      await inState(page, 'quiet');
    },
  },
  closed_market: {
    isOutage: true,
    async enter(page, stack) {
      const { patterns } = await stack.get<{ patterns: unknown[] }>('/api/patterns/daily');
      if (patterns.length === 0) await publish(stack, ...TIERS.flatMap(tier => burst(tier, 5)));
      await open(page, { market: 'closed' });
      // What came in within a minute is shown as live.
      await inState(page, 'closed_market', TIERS, 75_000);
    },
  },
  stale: {
    isOutage: true,
    async enter(page, stack) {
      await openLively(page, stack);
      await stack.bridge.kill();
      await inState(page, 'stale', ['intraday', 'combo'], 60_000);
    },
    leave: stack => stack.startBridge(),
  },
  reconnecting: {
    isOutage: true,
    expected: LOST,
    async enter(page, stack) {
      await openLively(page, stack);
      await stack.edge.stop();
      await inState(page, 'reconnecting');
    },
    leave: startEdgeAgain,
  },
  backfilling: {
    async enter(page, stack) {
      let isCut = false;
      const sockets = await passingOn(page, frame => !isCut || frame.done !== true);
      await openLively(page, stack);
      // What is missed comes in, and the backfill never ends.
      isCut = true;
      for (const socket of sockets) await socket.close({ code: 4010, reason: 'slow reader' });
      await publish(stack, ...TIERS.flatMap(tier => burst(tier, 12)));
      await inState(page, 'backfilling');
    },
  },
  rate_limited: {
    async enter(page, stack) {
      await passingOn(page, frame => {
        if (frame.type === 'events' && !frame.replay) {
          const head = Number(frame.head);
          frame.withheld = { from: head, to: head, rate_limited: 37, skipped: 0 };
        }
        return true;
      });
      await openLively(page, stack);
      await publish(stack, ...TIERS.flatMap(tier => burst(tier, 3)));
      await expect(column(page, 'daily').locator('[data-note=withheld]').first()).toBeVisible();
    },
  },
  error: {
    async enter(page) {
      await page.routeWebSocket(SOCKETS, socket => socket.close({ code: 4003, reason: 'origin not allowed' }));
      await open(page);
      await inState(page, 'error');
    },
  },
  offline: {
    isOutage: true,
    expected: LOST,
    async enter(page, stack) {
      await openLively(page, stack);
      // Chromium leaves sockets that are open as they are, and may not tell any more that they are closed.
      await stack.edge.stop();
      await inState(page, 'reconnecting');
      await page.context().setOffline(true);
      await inState(page, 'offline');
    },
    leave: startEdgeAgain,
  },
};

/** A bridge that could not post for a while tries again only after some seconds: waits until what is published comes. */
async function startEdgeAgain(stack: Stack): Promise<void> {
  await stack.startEdge();
  const symbol = newSymbol();
  await publish(stack, ...TIERS.map(tier => ({ tier, symbol })));
  for (const tier of TIERS) {
    await expect
      .poll(() => stack.get(`/api/patterns/${tier}/count?minutes=5&symbols=${symbol}`), { timeout: 30_000 })
      .toMatchObject({ matching: 1 });
  }
}

/** Open, live, and with rows in every column. */
async function openLively(page: Page, stack: Stack): Promise<void> {
  await open(page, { market: 'open' });
  await publish(stack, ...TIERS.flatMap(tier => burst(tier, 8)));
  // The one column that every width shows.
  await expect(rows(page, 'daily').first()).toBeVisible();
  await inState(page, 'live');
}

async function inState(page: Page, state: string, tiers: readonly Tier[] = TIERS, timeout = 20_000): Promise<void> {
  for (const tier of tiers) await expect(column(page, tier)).toHaveAttribute('data-state', state, { timeout });
}

/** Patterns of every confidence above the default filter's, each of a symbol of its own. */
function burst(tier: Tier, count: number): Record<string, unknown>[] {
  return Array.from({ length: count }, (_, i) => ({
    tier,
    symbol: newSymbol(),
    detection_timestamp: (Date.now() - i) / 1_000,
    confidence: 0.6 + (i % 4) / 10,
    direction: ['bullish', 'bearish', 'neutral'][i % 3],
    timeframe: tier === 'intraday' ? '5min' : undefined,
  }));
}

/**
 * Puts a server between page and Worker that drops the frames `passes` says no to, which may also change them.
 * @returns the page's ends of its sockets, as they are opened
 */
async function passingOn(
  page: Page,
  passes: (frame: Record<string, unknown>) => boolean,
): Promise<readonly WebSocketRoute[]> {
  const opened: WebSocketRoute[] = [];
  await page.routeWebSocket(SOCKETS, socket => {
    opened.push(socket);
    const server = socket.connectToServer();
    server.onMessage(message => {
      const frame = message === 'pong' ? null : JSON.parse(String(message));
      if (frame === null) socket.send(message);
      else if (passes(frame)) socket.send(JSON.stringify(frame));
    });
  });
  return opened;
}
