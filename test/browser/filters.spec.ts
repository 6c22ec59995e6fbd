import type { Page } from '@playwright/test';
import type { Filter } from '../../shared/filter.ts';
import type { Tier } from '../../shared/topics.ts';
import { column, expect, newSymbol, open, publish, rows, type Sockets, socketsOf, test } from './support/fixtures.ts';

const text = (page: Page, tier: Tier) => column(page, tier).getByRole('combobox', { name: /^Filter/ });
const row = (page: Page, tier: Tier, symbol: string) => rows(page, tier).and(page.locator(`[data-symbol="${symbol}"]`));

/** Replaces what a filter says by typing it. */
async function type(page: Page, tier: Tier, words: string): Promise<void> {
  await text(page, tier).click();
  await text(page, tier).press('ControlOrMeta+a');
  if (words === '') await text(page, tier).press('Delete');
  else await text(page, tier).pressSequentially(words);
  await text(page, tier).press('Enter');
}

/** The filter that the page asked the server for last. */
function asked(sockets: Sockets, tier: Tier): Filter {
  const subscribes = sockets.sent(tier, 'subscribe').filter(({ id }) => id === 'main');
  return (subscribes.at(-1)?.filter ?? {}) as Filter;
}

/** The symbols of the live events that the server sent. */
function sent(sockets: Sockets, tier: Tier): string[] {
  return sockets.received(tier, 'events').flatMap(({ events }) => (events as { symbol: string }[]).map(e => e.symbol));
}

test.describe('each part of a filter changes what the server sends', () => {
  const dimensions: [words: string, filter: Filter, matching: object, other: object][] = [
    ['sym:$ conf>=50', {}, { symbol: '$' }, { symbol: '$X' }],
    ['!$X conf>=50', {}, { symbol: '$' }, { symbol: '$X' }],
    ['pat:"Odd One" conf>=50', { pattern_types: ['Odd One'] }, { pattern: 'Odd One' }, { pattern: 'Even One' }],
    [
      '!pat:Lesser_Flag conf>=50',
      { exclude_pattern_types: ['Lesser_Flag'] },
      { pattern: 'Greater_Flag' },
      { pattern: 'Lesser_Flag' },
    ],
    ['tf:5m conf>=50', {}, { timeframe: '5min' }, { timeframe: '15min' }],
    [
      'session:pre conf>=50',
      { market_sessions: ['pre_market'] },
      { market_session: 'pre_market' },
      { market_session: 'regular' },
    ],
    ['conf>85', { confidence_min: 0.851 }, { confidence: 0.851 }, { confidence: 0.85 }],
    ['conf>=85', { confidence_min: 0.85 }, { confidence: 0.85 }, { confidence: 0.849 }],
    ['prio:high', { priority_min: 'high' }, { confidence: 0.8 }, { confidence: 0.79 }],
  ];
  for (const [template, filter, matching, other] of dimensions) {
    test(template, async ({ page, stack }) => {
      const sockets = socketsOf(page);
      const symbol = newSymbol('F');
      const named = (value: object) => JSON.parse(JSON.stringify(value).replaceAll('$', symbol)) as { symbol?: string };
      await open(page, { market: 'open' });
      await type(page, 'combo', template.replaceAll('$', symbol));
      await expect.poll(() => asked(sockets, 'combo')).toMatchObject(named(filter));
      await expect.poll(() => sockets.received('combo', 'subscribed').length).toBeGreaterThan(1);
      const base = { tier: 'combo', symbol: `${symbol}.OUT` };
      const wanted = named({ ...base, symbol, ...matching });
      await publish(stack, { ...base, ...named(other) }, wanted);
      await expect(row(page, 'combo', wanted.symbol!)).toHaveCount(1);
      expect(sent(sockets, 'combo')).toContain(wanted.symbol);
      expect(sent(sockets, 'combo')).not.toContain(named({ ...base, ...other }).symbol);
    });
  }
});

test('what the server cannot filter is hidden here, and told to be', async ({ page, stack }) => {
  const sockets = socketsOf(page);
  const [up, down] = [newSymbol('L'), newSymbol('L')];
  await open(page);
  await publish(
    stack,
    { tier: 'daily', symbol: up, direction: 'bullish', confidence: 0.9 },
    { tier: 'daily', symbol: down, direction: 'bearish', confidence: 0.9 },
  );
  await expect(row(page, 'daily', up)).toHaveCount(1);
  await type(page, 'daily', `sym:${up},${down} dir:up`);
  await expect(row(page, 'daily', down)).toHaveCount(0);
  await expect(row(page, 'daily', up)).toHaveCount(1);
  expect(sent(sockets, 'daily')).toContain(down);
  expect(asked(sockets, 'daily')).toEqual({ symbols: [up, down].sort() });
  const chip = column(page, 'daily').locator('[data-chip=local]');
  await expect(chip).toHaveText('direction up');
  await expect(column(page, 'daily')).toContainText('1 hidden');
  await chip.getByRole('button', { name: 'Remove filter direction up, hidden here' }).click();
  await expect(row(page, 'daily', down)).toHaveCount(1);
  await type(page, 'daily', `sym:${up},${down} "no row says this"`);
  await expect(column(page, 'daily')).toContainText('hidden by “no row says this”');
  await column(page, 'daily').getByRole('button', { name: 'Show them' }).click();
  await expect(row(page, 'daily', up)).toHaveCount(1);
});

test('a mistake is told with its place, and changes nothing', async ({ page }) => {
  const sockets = socketsOf(page);
  await open(page);
  await type(page, 'daily', 'NVDA conf>');
  await expect(column(page, 'daily').getByRole('alert')).toHaveText(/conf> \(at 6\): needs a number from 0 to 100/);
  await expect(text(page, 'daily')).toHaveAttribute('aria-invalid', 'true');
  expect(asked(sockets, 'daily')).toEqual({ confidence_min: 0.6 });
  await text(page, 'daily').press('Escape');
  await expect(column(page, 'daily').getByRole('alert')).toHaveCount(0);
});

test('words are completed by keyboard, and applied without Enter once typing rests', async ({ page, stack }) => {
  const sockets = socketsOf(page);
  await publish(stack, { tier: 'daily', pattern: 'Completable_Pattern', symbol: newSymbol('C') });
  await expect.poll(async () => JSON.stringify(await stack.get('/api/pattern-types'))).toContain('Completable_Pattern');
  await open(page);
  await expect(text(page, 'daily')).toBeVisible();
  await column(page, 'daily').locator('[role=grid]').focus();
  await page.keyboard.press('/');
  await expect(text(page, 'daily')).toBeFocused();
  await page.keyboard.type('!compl');
  const option = column(page, 'daily').getByRole('option', { name: /Completable_Pattern/ });
  await expect(option).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await expect(option).toHaveAttribute('aria-selected', 'true');
  await expect(text(page, 'daily')).toHaveAttribute('aria-activedescendant', (await option.getAttribute('id'))!);
  await page.keyboard.press('Enter');
  await expect(text(page, 'daily')).toHaveValue('conf>=60 !Completable_Pattern ');
  await expect
    .poll(() => asked(sockets, 'daily'))
    .toEqual({ confidence_min: 0.6, exclude_pattern_types: ['Completable_Pattern'] });
  await page.keyboard.press('Escape');
  await expect(column(page, 'daily').locator('[role=grid]')).toBeFocused();
});

test('the slider counts while it slides, and asks the server when it rests', async ({ page, stack }) => {
  const sockets = socketsOf(page);
  const symbol = newSymbol('S');
  await publish(
    stack,
    { tier: 'intraday', symbol, confidence: 0.65 },
    { tier: 'intraday', symbol, confidence: 0.85, timeframe: '1min' },
  );
  await open(page, { path: `/?i=sym:${symbol}+conf%3E=60` });
  const count = column(page, 'intraday').locator('[data-count]');
  await expect(count).toHaveText(/^2 of /);
  const slider = column(page, 'intraday').getByRole('slider');
  // All in one turn, and so without a rest.
  await slider.evaluate((slider: HTMLInputElement) => {
    for (let steps = 0; steps < 7; steps++) {
      slider.stepUp();
      slider.dispatchEvent(new Event('input', { bubbles: true }));
    }
  });
  await expect(column(page, 'intraday').locator('[data-confidence]')).toContainText('≥ 67');
  await expect(count).toHaveText(/^1 of /);
  await expect.poll(() => asked(sockets, 'intraday')).toEqual({ symbols: [symbol], confidence_min: 0.67 });
  const steps = sockets.sent('intraday', 'subscribe').map(({ filter }) => (filter as Filter).confidence_min);
  expect(steps).toEqual([0.6, 0.67]);

  await slider.focus();
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(column(page, 'intraday').locator('[data-confidence]')).toContainText('≥ 73');
  await expect.poll(() => asked(sockets, 'intraday')).toEqual({ symbols: [symbol], confidence_min: 0.73 });
  await column(page, 'intraday').getByRole('button', { name: 'Remove filter confidence' }).click();
  await expect.poll(() => asked(sockets, 'intraday')).toEqual({ symbols: [symbol] });
});

test('the panel sets every dimension, gives all columns the same, and clears', async ({ page, stack }) => {
  const sockets = socketsOf(page);
  const symbol = newSymbol('P');
  await publish(stack, { tier: 'daily', symbol, pattern: 'Panel_Pattern', timeframe: '1day' });
  await expect.poll(async () => JSON.stringify(await stack.get('/api/pattern-types'))).toContain('Panel_Pattern');
  await open(page);
  await column(page, 'daily').locator('[role=grid]').focus();
  await page.keyboard.press('f');
  const panel = page.locator('[data-popover=filters]:popover-open');
  await panel.getByRole('button', { name: 'Panel Pattern', exact: true }).click();
  await panel.getByRole('button', { name: '1d', exact: true }).click();
  await panel.getByRole('button', { name: 'Post-market' }).click();
  await panel.getByText('High', { exact: true }).click();
  await panel.getByText('< 15m').click();
  await panel.getByRole('button', { name: '▲ Up' }).click();
  await panel.getByLabel('Without these').fill(`${symbol} A`);
  await panel.getByLabel('Without these').press('Enter');
  await expect
    .poll(() => asked(sockets, 'daily'))
    .toMatchObject({
      pattern_types: ['Panel_Pattern'],
      timeframes: expect.arrayContaining(['1d', '1day', 'daily']),
      market_sessions: ['post_market'],
      priority_min: 'high',
      exclude_symbols: ['A', symbol],
    });
  await panel.getByRole('button', { name: 'Not Panel Pattern' }).click();
  await expect.poll(() => asked(sockets, 'daily')).toMatchObject({ exclude_pattern_types: ['Panel_Pattern'] });
  expect(asked(sockets, 'daily').pattern_types).toBeUndefined();
  await panel.getByRole('button', { name: 'Apply to all' }).click();
  await expect.poll(() => asked(sockets, 'combo')).toEqual(asked(sockets, 'daily'));
  await panel.getByRole('button', { name: 'Clear', exact: true }).click();
  await expect.poll(() => asked(sockets, 'daily')).toEqual({});
  await page.keyboard.press('Escape');
  await expect(panel).toHaveCount(0);
  await expect(column(page, 'daily').locator('[role=grid]')).toBeFocused();
});

test('an empty column says what hides the most, and lowers it', async ({ page, stack }) => {
  const symbol = newSymbol('E');
  await publish(stack, { tier: 'combo', symbol, confidence: 0.64 });
  await open(page, { path: `/?c=sym:${symbol}+conf%3E=80` });
  await expect(column(page, 'combo')).toContainText('No Combo patterns match. 1 hidden by confidence ≥ 80');
  await column(page, 'combo').getByRole('button', { name: 'Lower to 60' }).click();
  await expect(row(page, 'combo', symbol)).toHaveCount(1);
});

test('a refused filter is told where it was asked for, and the one before stays', async ({ page, stack }) => {
  const symbol = newSymbol('R');
  const many = Array.from({ length: 1_001 }, (_, at) => `X${at}`);
  await open(page);
  await column(page, 'daily').locator('[data-filters-of]').click();
  const list = page.locator('[data-popover=filters]:popover-open').getByLabel('Only these');
  await list.fill(many.join(' '));
  await list.press('Enter');
  await expect(column(page, 'daily').locator('.filters [data-refusal=bad_filter]')).toContainText('max_filter_values');
  await publish(stack, { tier: 'daily', symbol, confidence: 0.9 });
  await expect(row(page, 'daily', symbol)).toHaveCount(1);
});

test.describe('the address', () => {
  test('says what is filtered, and shows the same to whoever opens it', async ({ page, browser, stack }) => {
    const [mine, other] = [newSymbol('U'), newSymbol('U')];
    await publish(
      stack,
      { tier: 'daily', symbol: mine, confidence: 0.9 },
      { tier: 'daily', symbol: other, confidence: 0.9 },
    );
    await open(page);
    expect(new URL(page.url()).search).toBe('');
    await type(page, 'daily', `${mine.toLowerCase()} conf>85 age<30d `);
    await expect.poll(() => new URL(page.url()).search).toContain(`d=sym:${mine}+conf%3E85+age%3C30d`);

    const context = await browser.newContext();
    const fresh = await context.newPage();
    const sockets = socketsOf(fresh);
    await open(fresh, { path: new URL(page.url()).pathname + new URL(page.url()).search });
    await expect(row(fresh, 'daily', mine)).toHaveCount(1);
    await expect(row(fresh, 'daily', other)).toHaveCount(0);
    expect(sockets.sent('daily', 'subscribe').map(({ filter }) => filter)).toEqual([
      { symbols: [mine], confidence_min: 0.851 },
    ]);
    expect(await fresh.evaluate(() => Object.keys(localStorage).filter(key => key.includes('filters')))).toEqual([]);
    await context.close();
  });

  test('wins over what was kept, which stays until something is changed', async ({ page }) => {
    await open(page);
    await type(page, 'daily', 'conf>=77');
    await expect.poll(() => new URL(page.url()).search).toContain('d=conf%3E=77');
    await open(page, { path: '/?d=conf%3E=88' });
    await expect(column(page, 'daily').locator('[data-confidence]')).toContainText('≥ 88');
    await open(page, { path: '/' });
    await expect(column(page, 'daily').locator('[data-confidence]')).toContainText('≥ 77');
  });

  test('tells what it does not understand, and shows the rest', async ({ page }) => {
    await open(page, { path: '/?i=conf%3E=91+foo:bar&v=gsx' });
    await expect(page.locator('[data-banner=link]')).toContainText('Intraday: "foo:bar" at 10 is left out');
    await expect(page.locator('[data-banner=link]')).toContainText('Combo: there is no view "x"');
    await expect(column(page, 'intraday').locator('[data-confidence]')).toContainText('≥ 91');
    await expect(column(page, 'intraday')).toHaveAttribute('data-view', 'stream');
    await page.locator('[data-banner=link]').getByRole('button', { name: 'Dismiss' }).click();
    await expect(page.locator('[data-banner=link]')).toHaveCount(0);
  });

  test('that names a pattern by a bare word is read once the patterns are known', async ({ page, stack }) => {
    const sockets = socketsOf(page);
    await publish(stack, { tier: 'daily', pattern: 'Bare_Word', symbol: newSymbol('B') });
    await expect.poll(async () => JSON.stringify(await stack.get('/api/pattern-types'))).toContain('Bare_Word');
    await open(page, { path: '/?d=!bareword' });
    await expect.poll(() => asked(sockets, 'daily')).toEqual({ exclude_pattern_types: ['Bare_Word'] });
    expect(new URL(page.url()).search).toBe('?d=!bareword');
  });
});

test('rows are exported as CSV with what chose them', async ({ page, stack }) => {
  const symbol = newSymbol('X');
  await publish(stack, { tier: 'daily', symbol, pattern: '=SUM(A1)', confidence: 0.93, price: 12.5 });
  await open(page, { path: `/?d=sym:${symbol}+conf%3E=90` });
  await expect(row(page, 'daily', symbol)).toHaveCount(1);
  await column(page, 'daily').locator('[role=grid]').focus();
  const downloading = page.waitForEvent('download');
  await page.keyboard.press('e');
  const download = await downloading;
  expect(download.suggestedFilename()).toMatch(/^tickstock-daily-\d{4}-\d{2}-\d{2}T\d{6}Z\.csv$/);
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  const lines = Buffer.concat(chunks).toString('utf8').split('\r\n');
  expect(lines.slice(0, 4)).toEqual([
    'tier,daily',
    `sent by the server (Main),sym:${symbol} conf>=90`,
    '"hidden in the page, all but",everything',
    'rows,1',
  ]);
  expect(lines.at(-2)).toMatch(new RegExp(`^daily,${symbol},'=SUM\\(A1\\),`));
  await expect(page.locator('.flash')).toHaveText('1 row exported as CSV');
});
