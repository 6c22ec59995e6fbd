/**
 * `npm run screenshots`: takes the pictures of the README, docs/images/live-dark.png and live-light.png, of a system that
 * the simulator feeds. `npm run screenshots -- --all FOLDER` takes every state of every page at three widths in both themes
 * instead, for looking through, long pages to their end; `--states held,stale` only some.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Browser, chromium, type Page } from '@playwright/test';
import { createStream, type Stream } from '../simulator/stream.ts';
import { Stack } from '../support/stack.ts';
import { BACKTEST_STATES } from './support/backtest-states.ts';
import { chromiumOptions } from './support/browser.ts';
import { DIALOG_STATES } from './support/dialog-states.ts';
import { OPERATIONS_STATES } from './support/operations-states.ts';
import { open } from './support/page.ts';
import { STATES as COLUMN_STATES, type PageState } from './support/states.ts';
import { WHY_STATES } from './support/why.ts';

const STATES: Readonly<Record<string, PageState>> = {
  ...COLUMN_STATES,
  ...DIALOG_STATES,
  ...WHY_STATES,
  ...OPERATIONS_STATES,
  ...BACKTEST_STATES,
};
const THEMES = ['dark', 'light'] as const;
type Theme = (typeof THEMES)[number];
const SIZES = [
  { width: 1440, height: 900 },
  { width: 900, height: 800 },
  { width: 390, height: 844 },
];
/** Of a page that is longer. */
const MAX_HEIGHT = 6_000;
const README_FOLDER = 'docs/images';
const SEED = 7;
/** What was published before the page was opened, and how long it is watched before the picture is taken. */
const HISTORY_MS = 20 * 60_000;
const WATCHED_MS = 12_000;
const PATTERNS_PER_SECOND = 4;
const PUBLISHED_EVERY_MS = 20;

const { values } = parseArgs({ options: { all: { type: 'string' }, states: { type: 'string' } } });
const browser = await chromium.launch(chromiumOptions);
try {
  if (values.all) await takeAll(browser, values.all, values.states?.split(',') ?? Object.keys(STATES));
  else await takeForReadme(browser);
} finally {
  await browser.close();
}

async function takeForReadme(browser: Browser): Promise<void> {
  mkdirSync(README_FOLDER, { recursive: true });
  const stack = await startStack();
  try {
    const startMs = Date.now() - HISTORY_MS;
    const stream = createStream({ seed: SEED, patternsPerSecond: PATTERNS_PER_SECOND, startMs });
    await publishDue(stack, stream);
    await allTaken(stack);
    stream.skipTo(Date.now());
    const over = new AbortController();
    // While pages open too: what waited for them would count as late.
    const publishing = publishUntil(over.signal, stack, stream);
    for (const theme of THEMES) {
      await withPage(browser, { size: SIZES[0]!, theme, url: stack.url }, async page => {
        await open(page, { market: 'open', stored: { theme } });
        await sleep(WATCHED_MS);
        await page.screenshot({ path: join(README_FOLDER, `live-${theme}.png`) });
      });
    }
    over.abort();
    await publishing;
  } finally {
    await stack.stop();
  }
}

async function takeAll(browser: Browser, folder: string, names: readonly string[]): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const shared = await startStack();
  try {
    for (const name of names) {
      const state = STATES[name];
      if (!state) throw new Error(`--states: ${name}: expected some of ${Object.keys(STATES).join(', ')}`);
      const stack = state.needsEmpty ? await startStack() : shared;
      for (const size of SIZES.filter(({ width }) => !state.isOfPhones || width < 768)) {
        await withPage(browser, { size, theme: THEMES[0], url: stack.url }, async page => {
          // A state that cannot be reached is to be seen too.
          const failure = await state.enter(page, stack).catch(error => String(error).split('\n')[0]);
          for (const colorScheme of THEMES) {
            await page.emulateMedia({ colorScheme });
            if (state.isDocument) await page.reload();
            await page.setViewportSize({ width: size.width, height: await heightOf(page, size.height) });
            await page.screenshot({ path: join(folder, `${name}-${size.width}-${colorScheme}.png`) });
          }
          console.log(`${name} ${size.width}${failure ? `: NOT REACHED, ${failure}` : ''}`);
        }).finally(() => state.leave?.(stack));
      }
      if (stack !== shared) await stack.stop();
    }
  } finally {
    await shared.stop();
  }
}

/** How high the window must be for all of the page that is shown. */
async function heightOf(page: Page, least: number): Promise<number> {
  const hidden = await page
    .locator('.page-main')
    .evaluateAll(all => all.map(each => each.scrollHeight - each.clientHeight));
  return Math.min(MAX_HEIGHT, Math.max(least, page.viewportSize()!.height + Math.max(0, ...hidden)));
}

function startStack(): Promise<Stack> {
  const pageDir = process.env.PAGE_DIR;
  return Stack.start(pageDir ? { pageDir } : {});
}

async function withPage(
  browser: Browser,
  { size, theme, url }: { size: { width: number; height: number }; theme: Theme; url: string },
  use: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({ viewport: size, colorScheme: theme, baseURL: url });
  try {
    await use(await context.newPage());
  } finally {
    await context.close();
  }
}

/** Waits until nothing published before is on its way any more. */
async function allTaken(stack: Stack): Promise<void> {
  for (let before = ''; ; await sleep(1_000)) {
    const { tiers } = await stack.get<{ tiers: Record<string, { head: number }> }>('/api/patterns/tiers/health');
    const heads = JSON.stringify(Object.values(tiers).map(({ head }) => head));
    if (heads === before) return;
    before = heads;
  }
}

async function publishUntil(over: AbortSignal, stack: Stack, stream: Stream): Promise<void> {
  for (; !over.aborted; await sleep(PUBLISHED_EVERY_MS)) await publishDue(stack, stream);
}

async function publishDue(stack: Stack, stream: Stream): Promise<void> {
  const pipeline = stack.producer.pipeline();
  for (const { channel, raw } of stream.until(Date.now())) pipeline.publish(channel, raw);
  await pipeline.exec();
}
