import { writeFileSync } from 'node:fs';
import os from 'node:os';
import type { Browser } from '@playwright/test';
import { eventually } from '../../support/eventually.ts';
import { Stack } from '../../support/stack.ts';
import { type ControlStats, runControl } from './control-page.ts';
import { Feed, type Sent } from './feed.ts';
import { LivePage, launch, VIEWPORT } from './live-page.ts';

/** What a full set of columns holds, and how many patterns it takes until the rarest tier is full too. */
const HELD = 10_000;
const FILL_EVENTS = 42_000;
const FILL_PER_SECOND = 3_000;
/** Everything but the browser gives way to it, so that the page is measured and not the queue for the processor. */
const BACKSTAGE_PRIORITY = 10;

/**
 * The real system, a sender and a browser. The browser is started first, at this process's priority; what comes after is
 * started at a lower one.
 */
export class Rig {
  readonly stack: Stack;
  readonly #browser: Browser;
  readonly #feed: Feed;
  #sent = 0;

  private constructor(parts: { stack: Stack; browser: Browser; feed: Feed }) {
    this.stack = parts.stack;
    this.#browser = parts.browser;
    this.#feed = parts.feed;
  }

  static async start(): Promise<Rig> {
    const browser = await launch();
    giveWay(process.pid);
    const pageDir = process.env.PAGE_DIR;
    const stack = await Stack.start({ vars: { EVENTS_PER_SECOND: '0' }, ...(pageDir && { pageDir }) });
    giveWay(stack.bridge.process.pid!);
    return new Rig({ browser, stack, feed: await Feed.start(stack.redisUrl) });
  }

  open(path = '/'): Promise<LivePage> {
    return LivePage.open(this.#browser, this.stack.url + path);
  }

  /** Opens a page and has it receive so much that its columns are full. */
  async openFull(path?: string): Promise<LivePage> {
    const page = await this.open(path);
    await this.send(FILL_PER_SECOND, FILL_EVENTS);
    await eventually(async () => {
      const held = await page.held();
      if (held < HELD) throw new Error(`the page holds ${held} events, not ${HELD}`);
    });
    return page;
  }

  /** Runs the control in an empty page, its processor so many times slower. */
  async runControl(rate: number, options: { perSecond: number; seconds: number }): Promise<ControlStats> {
    const context = await this.#browser.newContext({ viewport: VIEWPORT });
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate });
    const stats = await page.evaluate(runControl, options);
    await context.close();
    return stats;
  }

  /** Publishes patterns, and waits until all of them are on their tapes and sent to the page. */
  async send(perSecond: number, count: number): Promise<Sent> {
    const startedAtMs = performance.now();
    const { sent } = await this.#feed.send({ perSecond, count });
    this.#sent += sent;
    await eventually(async () => {
      const { hubs } = await this.stack.get<{ hubs: Record<string, Hub> }>('/api/websocket/health');
      const all = Object.values(hubs);
      const taken = all.reduce((sum, hub) => sum + hub.appended + hub.duplicates, 0);
      const queued = all.reduce((sum, hub) => sum + hub.queued_bytes, 0);
      if (taken < this.#sent || queued > 0) throw new Error(`${taken} of ${this.#sent} taken, ${queued} bytes queued`);
    }, 300_000);
    return { sent, ms: performance.now() - startedAtMs };
  }

  async stop(): Promise<void> {
    this.#feed.close();
    await this.#browser.close();
    await this.stack.stop();
  }
}

/** Lowers a process and those that it starts from now on. */
function giveWay(pid: number): void {
  os.setPriority(pid, BACKSTAGE_PRIORITY);
  try {
    // Linux may schedule by session before it looks at priorities, and the browser has a session of its own.
    writeFileSync(`/proc/${pid}/autogroup`, String(BACKSTAGE_PRIORITY));
  } catch {
    // It does not, here: the priority is enough.
  }
}

interface Hub {
  appended: number;
  duplicates: number;
  queued_bytes: number;
}
