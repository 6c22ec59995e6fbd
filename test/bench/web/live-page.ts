import { type Browser, type CDPSession, chromium, type Page } from '@playwright/test';
import { chromiumOptions } from '../../browser/support/browser.ts';
import { eventually } from '../../support/eventually.ts';
import { type Loaded, type Observed, type Observer, observe } from './in-page.ts';

/** Milliseconds from a message's arrival in the page to after the paint that shows it. */
export interface PaintStats {
  n: number;
  p50: number;
  p95: number;
  max: number;
}

/** Of the page's process after a garbage collection. */
export interface Memory {
  heapMb: number;
  nodes: number;
  listeners: number;
}

export const VIEWPORT = { width: 1440, height: 900 };

/** Chromium as the browser tests run it. */
export function launch(): Promise<Browser> {
  return chromium.launch(chromiumOptions);
}

/** The dashboard in a browser, with what the bench asks of it. */
export class LivePage {
  readonly page: Page;
  readonly #session: CDPSession;

  private constructor(page: Page, session: CDPSession) {
    this.page = page;
    this.#session = session;
  }

  /** Opens it in a profile of its own, as somebody who has seen the tour, and waits until its columns are connected. */
  static async open(browser: Browser, url: string): Promise<LivePage> {
    const context = await browser.newContext({ viewport: VIEWPORT });
    const page = await context.newPage();
    await page.addInitScript(() => localStorage.setItem('tickstock.tour_seen', 'true'));
    await page.addInitScript(observe);
    const session = await context.newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const opened = new LivePage(page, session);
    await page.goto(url);
    await eventually(async () => {
      const states = await page.locator('[data-column]').evaluateAll(all => all.map(({ dataset }) => dataset.state));
      if (states.length !== 3 || states.includes('connecting')) throw new Error(`the columns are ${states.join(', ')}`);
    });
    return opened;
  }

  /** How many times slower the page's processor is; 1 = as fast as it is. */
  throttle(rate: number): Promise<unknown> {
    return this.#session.send('Emulation.setCPUThrottlingRate', { rate });
  }

  /** Rows are written as always, and take no part in layout and paint. */
  async hideRows(): Promise<void> {
    await this.page.evaluate(() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync('.live-row { display: none }');
      document.adoptedStyleSheets = [sheet];
    });
  }

  paintStats(): Promise<PaintStats> {
    return this.page.evaluate(() => (globalThis as unknown as PageGlobals).__ts.stats().messageToPaint);
  }

  /** Events kept, over all columns. */
  async held(): Promise<number> {
    const held = await this.page.evaluate(() => (globalThis as unknown as PageGlobals).__ts.stats().held);
    return Object.values(held).reduce((sum, count) => sum + count, 0);
  }

  take(): Promise<Observed> {
    return this.page.evaluate(() => (globalThis as unknown as PageGlobals).__bench.take());
  }

  loaded(): Promise<Loaded> {
    return this.page.evaluate(() => (globalThis as unknown as PageGlobals).__bench.loaded());
  }

  watchFrames(isOn: boolean): Promise<void> {
    return this.page.evaluate(isOn => (globalThis as unknown as PageGlobals).__bench.watchFrames(isOn), isOn);
  }

  /** Seconds of processor time that the page's main thread has used so far: waiting for the processor is none. */
  async workedSeconds(): Promise<number> {
    return (await this.#metrics()).TaskDuration!;
  }

  async memory(): Promise<Memory> {
    await this.#session.send('HeapProfiler.collectGarbage');
    const { JSHeapUsedSize, Nodes, JSEventListeners } = await this.#metrics();
    return { heapMb: JSHeapUsedSize! / 1e6, nodes: Nodes!, listeners: JSEventListeners! };
  }

  close(): Promise<void> {
    return this.page.context().close();
  }

  async #metrics(): Promise<Record<string, number>> {
    const { metrics } = await this.#session.send('Performance.getMetrics');
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
  }
}

interface PageGlobals {
  __ts: { stats(): { messageToPaint: PaintStats; held: Record<string, number> } };
  __bench: Observer;
}
