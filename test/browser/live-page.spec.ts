import { expect, type Page, test } from '@playwright/test';
import { flatPattern, Stack } from '../support/stack.ts';

let stack: Stack;
test.beforeAll(async () => {
  stack = await Stack.start();
});
test.afterAll(() => stack?.stop());

const column = (page: Page, tier: string) => page.locator(`[data-column="${tier}"]`);
const rows = (page: Page, tier: string) => column(page, tier).locator('[data-seq]');

async function open(page: Page): Promise<void> {
  await page.goto(stack.url);
  for (const tier of ['daily', 'intraday', 'combo'])
    await expect(column(page, tier)).toHaveAttribute('data-state', 'live');
}

test('shows each tier’s events in its column, newest first', async ({ page }) => {
  const problems: string[] = [];
  page.on('pageerror', error => problems.push(error.message));
  page.on('console', message => message.type() === 'error' && problems.push(message.text()));
  await open(page);
  for (const tier of ['daily', 'intraday', 'combo']) {
    await stack.publish('tickstock.events.patterns', flatPattern({ tier, symbol: `${tier.slice(0, 3)}1` }));
    await stack.publish(
      'tickstock.events.patterns',
      flatPattern({ tier, symbol: `${tier.slice(0, 3)}2`, confidence: 0.91 }),
    );
  }
  for (const tier of ['daily', 'intraday', 'combo']) {
    const symbols = [`${tier.slice(0, 3)}2`, `${tier.slice(0, 3)}1`].map(symbol => symbol.toUpperCase());
    await expect(rows(page, tier)).toHaveCount(2);
    const shown = await rows(page, tier).evaluateAll(all => all.map(row => row.getAttribute('data-symbol')));
    expect(shown).toEqual(symbols);
  }
  expect(problems).toEqual([]);
});

test('shows stored events to whoever comes later', async ({ page }) => {
  await open(page);
  await expect(rows(page, 'daily')).toHaveCount(2);
});

test('survives a restart of the Worker: says so, comes back by itself, and misses nothing', async ({ page }) => {
  await open(page);
  const before = await rows(page, 'daily').count();
  await stack.edge.stop();
  await expect(column(page, 'daily')).toHaveAttribute('data-state', 'reconnecting');
  await stack.publish('tickstock.events.patterns', flatPattern({ symbol: 'DURING' }));
  await stack.startEdge();
  for (const tier of ['daily', 'intraday', 'combo']) {
    await expect(column(page, tier)).toHaveAttribute('data-state', 'live', { timeout: 40_000 });
  }
  await stack.publish('tickstock.events.patterns', flatPattern({ symbol: 'AFTER' }));
  await expect(rows(page, 'daily')).toHaveCount(before + 2);
  await expect(column(page, 'daily').locator('[data-symbol="DURING"]')).toHaveCount(1);
  await expect(column(page, 'daily').locator('[data-symbol="AFTER"]')).toHaveCount(1);
});

test('negotiates no compression on its sockets, and tickstock.v1 on each', async ({ page }) => {
  const handshakes: Record<string, string>[] = [];
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  session.on('Network.webSocketHandshakeResponseReceived', ({ response }) => {
    const headers = Object.entries(response.headers).map(([name, value]) => [name.toLowerCase(), value]);
    handshakes.push(Object.fromEntries(headers));
  });
  await open(page);
  expect(handshakes.length).toBe(4);
  for (const headers of handshakes) {
    expect(headers['sec-websocket-extensions'] ?? '').not.toContain('permessage-deflate');
    expect(headers['sec-websocket-protocol']).toBe('tickstock.v1');
  }
});

test('shows a hostile event as text', async ({ page }) => {
  await open(page);
  const name = '<img src=x onerror="document.title=\'owned\'">';
  await stack.publish('tickstock.events.patterns', flatPattern({ pattern: name, symbol: 'EVIL' }));
  const row = column(page, 'daily').locator('[data-symbol="EVIL"]');
  await expect(row).toContainText('<img src=x');
  expect(await row.locator('img').count()).toBe(0);
  expect(await page.title()).not.toBe('owned');
});

test('changes what the server sends when its filter changes', async ({ page }) => {
  await open(page);
  await column(page, 'combo').getByRole('textbox').first().fill('ONLY');
  await column(page, 'combo').getByRole('textbox').first().press('Enter');
  const frames: string[] = [];
  page.on('websocket', socket => socket.on('framereceived', ({ payload }) => frames.push(String(payload))));
  await stack.publish('tickstock.events.patterns', flatPattern({ tier: 'combo', symbol: 'OTHER' }));
  await stack.publish('tickstock.events.patterns', flatPattern({ tier: 'combo', symbol: 'ONLY' }));
  await expect(column(page, 'combo').locator('[data-symbol="ONLY"]')).toHaveCount(1);
  await expect(column(page, 'combo').locator('[data-symbol="OTHER"]')).toHaveCount(0);
});
