/**
 * What a spec of the page imports instead of `@playwright/test`:
 *
 * ```ts
 * import { column, expect, newSymbol, open, publish, rows, test } from './support/fixtures.ts';
 *
 * test('shows a pattern in its column', async ({ page, stack }) => {
 *   await open(page, { market: 'open' });
 *   const symbol = newSymbol();
 *   await publish(stack, { tier: 'daily', symbol, confidence: 0.91 });
 *   await expect(rows(page, 'daily').and(page.locator(`[data-symbol=${symbol}]`))).toHaveCount(1);
 * });
 * ```
 *
 * - `stack` is the whole system (Redis, bridge, workerd), one for all specs of a worker: what a test publishes stays on the
 *   tapes for the tests after it. So use symbols of your own (`newSymbol`), and where a test needs empty tapes or
 *   other variables of the Worker give its file or `describe` a stack of its own:
 *   `test.use({ stackOptions: { name: 'empty', vars: { EVENTS_PER_SECOND: '5' } } })`.
 * - A test that ends or stops a part of the stack starts it again (`try … finally { await stack.startEdge(); }`).
 * - Every test fails on an error of the page: an exception, `console.error`, a violation of the Content-Security-Policy. What a
 *   test provokes it announces: `problems.allow(/WebSocket connection to .* failed/)`.
 * - The page is that of `web/dist` (`npm run build`), or of `PAGE_DIR=/tmp/mine`, a folder that
 *   `vite build --config web/vite.config.ts --outDir /tmp/mine` has made:
 *   `PAGE_DIR=/tmp/mine npx playwright test --config test/browser/playwright.config.ts <file>`.
 *
 * The helpers are `open`, `reload`, `column`, `rows` (page.ts), `openMarket`, `closeMarket` (market.ts), `socketsOf` (sockets.ts),
 * `axe`, `axeEverywhere` (axe.ts), `publish`, `newSymbol` (publish.ts).
 */
import { test as base } from '@playwright/test';
import { Stack } from '../../support/stack.ts';
import { Problems } from './problems.ts';

export { expect } from '@playwright/test';
export { axe, axeEverywhere, CONTRAST } from './axe.ts';
export { closeMarket, openMarket } from './market.ts';
export { column, type OpenOptions, open, reload, rows } from './page.ts';
export { newSymbol, publish } from './publish.ts';
export { type SocketFrame, type Sockets, socketsOf } from './sockets.ts';

interface WorkerFixtures {
  stackOptions: {
    /** Files that name the same share a stack. */
    name?: string;
    /** Variables of the Worker. */
    vars?: Record<string, string>;
    /** What the stack asks its own Worker with, in jwt mode. */
    token?: string;
  };
  stack: Stack;
}

export const test = base.extend<{ problems: Problems }, WorkerFixtures>({
  stackOptions: [{}, { option: true, scope: 'worker' }],
  stack: [
    async ({ stackOptions: { vars, token } }, use) => {
      const pageDir = process.env.PAGE_DIR;
      const stack = await Stack.start({ ...(vars && { vars }), ...(token && { token }), ...(pageDir && { pageDir }) });
      await use(stack);
      await stack.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  baseURL: async ({ stack }, use) => use(stack.url),
  problems: [
    async ({ page }, use) => {
      const problems = new Problems(page);
      await use(problems);
      problems.check();
    },
    { auto: true },
  ],
});
