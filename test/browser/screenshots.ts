/**
 * `npm run screenshots`: takes the pictures of the README, docs/images/live-dark.png and live-light.png, of a system that
 * the simulator feeds. `npm run screenshots -- --all FOLDER` takes every state at three widths in both themes instead,
 * for looking through; `--states held,stale` only some.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Browser, chromium, type Page } from '@playwright/test';
import { createStream, type Stream } from '../simulator/stream.ts';
import { Stack } from '../support/stack.ts';
import playwrightConfig from './playwright.config.ts';
import { open } from './support/page.ts';
import { STATES } from './support/states.ts';

const THEMES = ['dark', 'light'] as const;
type Theme = (typeof THEMES)[number];
const SIZES = [
  { width: 1440, height: 900 },
  { width: 900, height: 800 },
  { width: 390, height: 844 },
];
const README_FOLDER = 'docs/images';
const SEED = 7;
/** What was published before the page was opened, and how long it is watched before the picture is taken. */
const HISTORY_MS = 20 * 60_000;
const WATCHED_MS = 12_000;
const PATTERNS_PER_SECOND = 4;

const { values } = parseArgs({ options: { all: { type: 'string' }, states: { type: 'string' } } });
const browser = await chromium.launch(playwrightConfig.use!.launchOptions);
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
    for (const theme of THEMES) {
      await withPage(browser, { size: SIZES[0]!, theme, url: stack.url }, async page => {
        await open(page, { market: 'open', stored: { theme } });
        const untilMs = Date.now() + WATCHED_MS;
        while (Date.now() < untilMs) {
          await publishDue(stack, stream);
          await sleep(50);
        }
        await page.screenshot({ path: join(README_FOLDER, `live-${theme}.png`) });
      });
    }
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
      for (const theme of THEMES) {
        for (const size of SIZES) {
          await withPage(browser, { size, theme, url: stack.url }, async page => {
            // A state that cannot be reached is to be seen too.
            const failure = await state.enter(page, stack).catch(error => String(error).split('\n')[0]);
            await page.screenshot({ path: join(folder, `${name}-${size.width}-${theme}.png`) });
            console.log(`${name} ${size.width} ${theme}${failure ? `: NOT REACHED, ${failure}` : ''}`);
          }).finally(() => state.leave?.(stack));
        }
      }
      if (stack !== shared) await stack.stop();
    }
  } finally {
    await shared.stop();
  }
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

async function publishDue(stack: Stack, stream: Stream): Promise<void> {
  const pipeline = stack.producer.pipeline();
  for (const { channel, raw } of stream.until(Date.now())) pipeline.publish(channel, raw);
  await pipeline.exec();
}
