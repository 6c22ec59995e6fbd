import type { Page } from '@playwright/test';
import type { Stack } from '../support/stack.ts';
import { column, expect, newSymbol, open, publish, reload, rows, test } from './support/fixtures.ts';

const pill = (page: Page, name: string) => page.locator(`[data-popover-of=${name}]`);
const popover = (page: Page, name: string) => page.locator(`[data-popover=${name}]`);

test.describe('connections', () => {
  test('are one for each topic and one for what is the user’s own, in the protocol’s first version, without compression', async ({
    page,
  }) => {
    const handshakes: Record<string, string>[] = [];
    const session = await page.context().newCDPSession(page);
    await session.send('Network.enable');
    session.on('Network.webSocketHandshakeResponseReceived', ({ response }) => {
      const headers = Object.entries(response.headers).map(([name, value]) => [name.toLowerCase(), value]);
      handshakes.push(Object.fromEntries(headers));
    });
    await open(page);
    await expect.poll(() => handshakes.length).toBe(5);
    for (const headers of handshakes) {
      expect(headers['sec-websocket-extensions'] ?? '').not.toContain('permessage-deflate');
      expect(headers['sec-websocket-protocol']).toBe('tickstock.v1');
    }
  });

  test('show stored patterns to whoever comes later', async ({ page, stack }) => {
    const symbol = newSymbol();
    await publish(stack, { tier: 'combo', symbol });
    await open(page, { market: 'open', path: `/?c=sym:${symbol}` });
    await expect(rows(page, 'combo')).toHaveCount(1);
  });

  test('sleep after five minutes in a hidden tab, wake when it is shown, and resume where they were', async ({
    page,
    stack,
  }) => {
    await page.clock.install();
    let standing = 0;
    page.on('websocket', socket => {
      standing++;
      socket.on('close', () => standing--);
    });
    await page.addInitScript(() => {
      const hidden = () => (globalThis as { isHidden?: boolean }).isHidden === true;
      Object.defineProperty(document, 'hidden', { get: hidden });
      Object.defineProperty(document, 'visibilityState', { get: () => (hidden() ? 'hidden' : 'visible') });
    });
    const show = (isShown: boolean) =>
      page.evaluate(isHidden => {
        Object.assign(globalThis, { isHidden });
        document.dispatchEvent(new Event('visibilitychange'));
      }, !isShown);
    const symbol = newSymbol();
    await open(page, { path: `/?d=sym:${symbol}` });
    await expect(pill(page, 'daily')).toHaveAttribute('data-link', 'up');
    await expect.poll(() => standing).toBe(5);

    await show(false);
    await page.clock.fastForward('04:59');
    await page.clock.runFor(500);
    expect(standing).toBe(5);
    await page.clock.runFor(1_000);
    await expect.poll(() => standing).toBe(0);
    await publish(stack, { tier: 'daily', symbol });

    await show(true);
    await expect.poll(() => standing).toBe(5);
    await expect(column(page, 'daily')).not.toHaveAttribute('data-state', 'reconnecting');
    await expect(rows(page, 'daily')).toHaveCount(1);
  });
});

test.describe('the header', () => {
  test('tells of each tier its connection and, apart from that, how fresh its data is', async ({ page }) => {
    await open(page);
    for (const tier of ['daily', 'intraday', 'combo']) {
      await expect(pill(page, tier)).toHaveAttribute('data-link', 'up');
      await expect(pill(page, tier)).toHaveAttribute('data-freshness', 'fresh', { timeout: 20_000 });
    }
    await pill(page, 'intraday').click();
    await expect(popover(page, 'intraday')).toContainText('Connectionconnected');
    await expect(popover(page, 'intraday')).toContainText(/Data heartbeat\d+ s ago/);
    await expect(popover(page, 'intraday')).toContainText('Bridges alive then1');
    await page.keyboard.press('Escape');
    await expect(popover(page, 'intraday')).toBeHidden();
  });

  test('says what the producer says of itself, and how long ago', async ({ page, stack }) => {
    await open(page);
    await publishHealth(stack, 'degraded');
    await publishSession(stack, 'started');
    await expect(pill(page, 'producer')).toHaveAttribute('data-tone', 'warn');
    await expect(pill(page, 'producer')).toContainText('degraded');
    await pill(page, 'producer').click();
    await expect(popover(page, 'producer')).toContainText(/Said\d+ s ago/);
    await expect(popover(page, 'producer')).toContainText('Streaming sessionstarted');
    await expect(popover(page, 'producer')).toContainText('Symbols500');

    await publishHealth(stack, 'healthy');
    await publishSession(stack, 'stopped');
    await expect(pill(page, 'producer')).toContainText('no stream');
  });

  test('shows a critical alert until it is put away, and then no more', async ({ page, stack }) => {
    await open(page);
    const message = `Feed lost <b>${newSymbol()}</b>`;
    await stack.publish('tickstock:alerts:critical', {
      type: 'critical_alert',
      alert: { severity: 'critical', message, component: 'data_feed', timestamp: new Date().toISOString() },
    });
    const banner = page.locator('[data-banner=alert]');
    await expect(banner).toContainText(message);
    await banner.getByRole('button', { name: 'Dismiss the alert' }).click();
    await expect(banner).toBeHidden();
    await reload(page);
    await expect(pill(page, 'daily')).toHaveAttribute('data-link', 'up');
    await pill(page, 'producer').click();
    await expect(popover(page, 'producer')).toContainText(message);
    await expect(banner).toBeHidden();
  });

  test('measures how late events are, hop by hop', async ({ page, stack }) => {
    await open(page);
    await expect(pill(page, 'latency')).toHaveAccessibleName('Latency p50/p95 –');
    await publish(stack, { tier: 'intraday', timestamp: Date.now() / 1_000, detection_timestamp: Date.now() / 1_000 });
    await expect(pill(page, 'latency')).toHaveText(/p50\/p95 ~?-?[\d,]+\/-?[\d,]+ ms/);
    await pill(page, 'latency').click();
    for (const hop of ['Pipeline', 'Edge', 'Network', 'Paint', 'All']) {
      await expect(popover(page, 'latency').getByRole('row', { name: hop })).toContainText(/-?\d+ ms/);
    }
  });

  test('says where the exchange stands, by the server’s calendar', async ({ page }) => {
    await open(page, { market: 'open' });
    const clock = pill(page, 'clock');
    await expect(clock).toHaveAttribute('data-session', 'regular');
    await expect(clock).toContainText(/NYSE open closes in \d+:\d\d/);
    await expect(clock).toContainText(/\d\d:\d\d:\d\d ET \d\d:\d\d local/);
    await clock.click();
    await popover(page, 'clock').getByText('Local', { exact: true }).click();
    await page.keyboard.press('Escape');
    await expect(clock).toContainText(/\d\d:\d\d:\d\d local \d\d:\d\d ET/);
    await reload(page);
    await expect(clock).toContainText(/\d\d:\d\d:\d\d local \d\d:\d\d ET/);
  });

  test('says why the exchange is closed', async ({ page }) => {
    await open(page, { market: 'closed' });
    await expect(pill(page, 'clock')).toContainText(/NYSE closed opens in .*Day of Rest/);
  });

  test('says that data is simulated when it is, and that the server knows no users', async ({ page, stack }) => {
    const symbol = newSymbol();
    await open(page, { path: `/?${['d', 'i', 'c'].map(tier => `${tier}=sym:${symbol}`).join('&')}` });
    await expect(page.locator('[data-chip=guest]')).toHaveText('open access: guest');
    await expect(page.locator('[data-chip=simulated]')).toHaveCount(0);
    await publish(stack, { tier: 'daily', symbol, source: 'tickstock_simulator' });
    await expect(page.locator('[data-chip=simulated]')).toHaveText('Simulated data');
  });

  test('pauses everything, and goes on', async ({ page, stack }) => {
    await open(page);
    const symbol = newSymbol();
    await page.getByRole('button', { name: 'Pause' }).click();
    for (const tier of ['daily', 'intraday', 'combo'] as const) {
      await expect(column(page, tier)).toHaveAttribute('data-hold', 'paused');
    }
    await publish(stack, { tier: 'daily', symbol, confidence: 0.95 });
    const isNew = column(page, 'daily').locator('.new-pill');
    await expect(isNew).toHaveText(/1 new, 1 above 90/);
    await expect(column(page, 'daily').locator(`[data-symbol=${symbol}]`)).toHaveCount(0);
    await page.getByRole('button', { name: 'Paused' }).click();
    await expect(column(page, 'daily').locator(`[data-symbol=${symbol}]`)).toHaveCount(1);
  });
});

test.describe('appearance', () => {
  test('is as it was left, after a reload', async ({ page }) => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await open(page);
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
    await pill(page, 'appearance').click();
    for (const choice of ['Light', 'One line', 'Red up']) {
      await popover(page, 'appearance').getByText(choice, { exact: true }).click();
    }
    const root = page.locator('html');
    const isAsChosen = async () => {
      await expect(root).toHaveAttribute('data-theme', 'light');
      await expect(root).toHaveAttribute('data-density', 'compact');
      await expect(root).toHaveAttribute('data-palette', 'east_asian');
    };
    await isAsChosen();
    await reload(page);
    await isAsChosen();
  });

  test('follows the system until the user chooses', async ({ page }) => {
    await page.emulateMedia({ colorScheme: 'light' });
    await open(page);
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  });

  test('is right from the first paint on, before the page’s code has come', async ({ page, problems }) => {
    problems.allow(/Failed to load resource|ERR_FAILED/);
    await page.addInitScript(() => localStorage.setItem('tickstock.theme', '"light"'));
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.route('**/assets/*.js', route => route.abort());
    await page.goto('/');
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(246, 248, 250)');
  });

  test('follows another tab', async ({ page, context }) => {
    await open(page, { stored: { theme: 'dark' } });
    const other = await context.newPage();
    await other.goto('/');
    await other.evaluate(() => localStorage.setItem('tickstock.theme', '"light"'));
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  });
});

test.describe('the tour', () => {
  test('shows a newcomer around once', async ({ page }) => {
    await open(page, { stored: { tour_seen: false } });
    const step = page.locator('.driver-popover');
    await expect(step).toContainText('Is it live?');
    await step.getByRole('button', { name: 'Next' }).click();
    await expect(step).toContainText('A column for each tier');
    await page.keyboard.press('Escape');
    await expect(step).toBeHidden();
    await reload(page);
    await expect(pill(page, 'daily')).toHaveAttribute('data-link', 'up');
    await page.keyboard.press('?');
    await expect(page.locator('[data-dialog=help]')).toBeVisible();
    await expect(step).toBeHidden();
  });

  test('can be taken again from the help', async ({ page }) => {
    await open(page);
    await page.getByRole('button', { name: 'Help and keyboard' }).click();
    await page.getByRole('button', { name: 'Take the tour' }).click();
    await expect(page.locator('.driver-popover')).toContainText('Is it live?');
  });
});

async function publishHealth(stack: Stack, status: string): Promise<void> {
  await stack.publish('tickstock.health.status', {
    event_type: 'system_health',
    source: 'TickStockPL',
    timestamp: new Date().toISOString(),
    status,
    metrics: {},
  });
}

async function publishSession(stack: Stack, state: 'started' | 'stopped'): Promise<void> {
  await stack.publish(`tickstock:streaming:session_${state}`, {
    type: `streaming_session_${state}`,
    session: {
      session_id: newSymbol('session'),
      universe: 'nasdaq_500',
      symbol_count: 500,
      started_at: new Date().toISOString(),
      timestamp: new Date().toISOString(),
    },
  });
}
