import type { Locator, Page } from '@playwright/test';
import type { Tier } from '../../shared/topics.ts';
import type { Stack } from '../support/stack.ts';
import { axe, column, expect, newSymbol, open, publish, rows, test } from './support/fixtures.ts';

test.use({ stackOptions: { name: 'columns', vars: { EVENTS_PER_SECOND: '0' } } });

/** What the column holds at most. */
const CAPACITY = 3_334;

const grid = (page: Page, tier: Tier) => column(page, tier).locator('[role=grid]');
const row = (page: Page, tier: Tier, symbol: string) => rows(page, tier).and(page.locator(`[data-symbol="${symbol}"]`));
const note = (page: Page, tier: Tier, name: string) => column(page, tier).locator(`[data-note="${name}"]`);
const pill = (page: Page, tier: Tier) => column(page, tier).getByRole('button', { name: /new.*Show them/ });

/** Patterns of symbols that nothing else has, the last one the newest. */
function fresh(count: number, changes: Record<string, unknown> = {}): Record<string, unknown>[] {
  return Array.from({ length: count }, () => ({ symbol: newSymbol('N'), ...changes }));
}

/** Publishes and waits until the newest is at the top. */
async function show(page: Page, stack: Stack, tier: Tier, patterns: Record<string, unknown>[]): Promise<void> {
  await publish(stack, ...patterns.map(pattern => ({ tier, ...pattern })));
  await expect(row(page, tier, String(patterns.at(-1)!.symbol))).toHaveCount(1);
}

/** What stands where in a grid's view, to the fraction of a pixel, top first. */
function standing(of: Locator): Promise<{ key: string; top: number }[]> {
  return of.evaluate(grid => {
    const view = grid.getBoundingClientRect();
    return [...grid.querySelectorAll<HTMLElement>('[role=row]')]
      .map(row => ({ key: row.dataset.key!, top: row.getBoundingClientRect().top - view.top }))
      .filter(({ top }) => top > -20 && top < view.height - 20)
      .sort((a, b) => a.top - b.top);
  });
}

/** Moves the mouse over the third row, and waits until that holds the column. */
async function hover(page: Page, tier: Tier): Promise<void> {
  await expect(async () => {
    const box = (await grid(page, tier).boundingBox())!;
    await page.mouse.move(box.x + 110, box.y + 110);
    await page.mouse.move(box.x + 120, box.y + 110);
    await expect(column(page, tier)).toHaveAttribute('data-hold', 'held', { timeout: 1_000 });
  }).toPass();
}

/** More pixels than any grid has. */
const FAR = 1_000_000;

/** Scrolls by so many pixels, down when positive, and no further than the grid goes. */
async function scroll(of: Locator, pixels: number): Promise<void> {
  await of.evaluate((grid, pixels) => grid.scrollBy(0, pixels), pixels);
}

test('keeps what the pointer is on still while five hundred events arrive, and says how many', async ({
  page,
  stack,
}) => {
  await open(page, { path: '/?v=ggg' });
  await show(page, stack, 'intraday', fresh(30));
  await hover(page, 'intraday');
  const before = await standing(grid(page, 'intraday'));
  expect(before.length).toBeGreaterThan(8);
  const strong = fresh(2, { confidence: 0.93 });
  await publish(stack, ...[...fresh(498), ...strong].map(pattern => ({ tier: 'intraday', ...pattern })));
  await expect(pill(page, 'intraday')).toHaveText('500 new, 2 above 90');
  expect(await standing(grid(page, 'intraday'))).toEqual(before);

  await page.mouse.move(2, 2);
  await expect(column(page, 'intraday')).toHaveAttribute('data-hold', 'following');
  await expect(row(page, 'intraday', String(strong[1]!.symbol))).toHaveCount(1);
  await expect(pill(page, 'intraday')).toHaveCount(0);
});

test('follows again when that is asked for', async ({ page, stack }) => {
  await open(page, { path: '/?v=ggg' });
  await show(page, stack, 'intraday', fresh(30));
  await grid(page, 'intraday').evaluate(grid => {
    grid.scrollTop = 300;
  });
  await expect(column(page, 'intraday')).toHaveAttribute('data-hold', 'held');
  const [newest] = fresh(1);
  await publish(stack, { tier: 'intraday', ...newest });
  await pill(page, 'intraday').click();
  await expect(row(page, 'intraday', String(newest!.symbol))).toBeInViewport();
  expect(await grid(page, 'intraday').evaluate(grid => grid.scrollTop)).toBe(0);
  await expect(column(page, 'intraday')).toHaveAttribute('data-hold', 'following');
});

test('renews the row of a pattern that fires again where it is, with its count and what has changed', async ({
  page,
  stack,
}) => {
  await open(page, { path: '/?v=ggg' });
  const symbol = newSymbol();
  await show(page, stack, 'daily', [{ symbol, confidence: 0.8 }, ...fresh(2)]);
  const before = (await standing(grid(page, 'daily'))).slice(0, 3);
  const seq = await row(page, 'daily', symbol).getAttribute('data-seq');
  await publish(stack, { tier: 'daily', symbol, confidence: 0.87 });
  await expect(row(page, 'daily', symbol)).toContainText('87 (+7)');
  await expect(row(page, 'daily', symbol)).toContainText('×2');
  expect(Number(await row(page, 'daily', symbol).getAttribute('data-seq'))).toBeGreaterThan(Number(seq));
  expect((await standing(grid(page, 'daily'))).slice(0, 3)).toEqual(before);

  await hover(page, 'daily');
  await publish(stack, { tier: 'daily', symbol, confidence: 0.8 });
  await expect(row(page, 'daily', symbol)).toContainText('80 (−7)');
  expect((await standing(grid(page, 'daily'))).slice(0, 3)).toEqual(before);
});

test('changes nothing at all while it is paused, and shows everything afterwards', async ({ page, stack }) => {
  await open(page, { path: '/?v=ggg' });
  const symbol = newSymbol();
  await show(page, stack, 'daily', [{ symbol, confidence: 0.8 }]);
  await page.getByRole('button', { name: /^pause/i }).click();
  await expect(column(page, 'daily')).toHaveAttribute('data-hold', 'paused');
  // What had begun to glow ends it.
  await expect(grid(page, 'daily').locator('[data-glow]')).toHaveCount(0);
  const before = await grid(page, 'daily').innerHTML();
  const [newest] = fresh(1);
  await publish(stack, { tier: 'daily', symbol, confidence: 0.85 }, { tier: 'daily', ...newest });
  await expect(pill(page, 'daily')).toHaveText('2 new');
  expect(await grid(page, 'daily').innerHTML()).toBe(before);
  await pill(page, 'daily').click();
  await expect(row(page, 'daily', symbol)).toContainText('×2');
  await expect(row(page, 'daily', String(newest!.symbol))).toHaveCount(1);
});

test('shows each firing, each pattern once, or the strongest first', async ({ page, stack }) => {
  await open(page, { path: '/?v=sgt' });
  for (const [tier, count] of [
    ['daily', 3],
    ['intraday', 1],
    ['combo', 1],
  ] as const) {
    const symbol = newSymbol();
    const firings = [0.95, 0.94, 0.96].map(confidence => ({ tier, symbol, confidence }));
    await publish(stack, ...firings, ...fresh(3, { tier, confidence: 0.62 }));
    await expect(row(page, tier, symbol)).toHaveCount(count);
    if (tier !== 'combo') continue;
    const key = await row(page, tier, symbol).getAttribute('data-key');
    await expect.poll(async () => (await standing(grid(page, tier)))[0]?.key).toBe(key);
  }
});

test('groups a stream that is too fast to read, says so, and takes it back for good', async ({ page, stack }) => {
  await open(page, { path: '/?v=sss' });
  const flood = async (until: () => Promise<void>) => {
    let isOver = false;
    const sending = (async () => {
      while (!isOver) {
        await publish(stack, ...fresh(4, { tier: 'intraday' }));
        await page.waitForTimeout(200);
      }
    })();
    await until().finally(() => {
      isOver = true;
    });
    await sending;
  };
  const status = column(page, 'intraday').locator('[data-status="auto-grouped"]');
  await flood(async () => {
    await expect(column(page, 'intraday')).toHaveAttribute('data-view', 'grouped');
    await expect(status).toContainText('Grouped: too fast to read');
    // Once it has calmed it is a stream again by itself: the button is there for as long as the flood is.
    await column(page, 'intraday').getByRole('button', { name: 'Keep stream' }).dispatchEvent('click');
    await expect(status).toHaveCount(0);
  });
  await expect(column(page, 'intraday')).toHaveAttribute('data-view', 'stream');
  await expect
    .poll(async () => {
      await scroll(grid(page, 'intraday'), 200);
      return note(page, 'intraday', 'notice').count();
    })
    .toBe(1);
  await expect(note(page, 'intraday', 'notice')).toContainText('Keep stream');
  await scroll(grid(page, 'intraday'), -FAR);
  await flood(async () => {
    // Longer than it takes to group by itself.
    const startedAtMs = Date.now();
    await expect.poll(() => Date.now() - startedAtMs, { timeout: 10_000 }).toBeGreaterThan(6_000);
  });
  await expect(column(page, 'intraday')).toHaveAttribute('data-view', 'stream');
});

test('fetches older rows at its end until the tape ends, and leaves what is read where it is', async ({
  page,
  stack,
}) => {
  const known = fresh(350, { tier: 'combo' });
  await publish(stack, ...known);
  await open(page, { path: '/?v=sss' });
  await expect(row(page, 'combo', String(known.at(-1)!.symbol))).toHaveCount(1);
  await expect(row(page, 'combo', String(known[0]!.symbol))).toHaveCount(0);
  let letGo = () => {};
  const isLetGo = new Promise<void>(resolve => {
    letGo = resolve;
  });
  await page.route(/api\/patterns\/combo\?.*before_seq/, async route => {
    await isLetGo;
    await route.continue();
  });
  await grid(page, 'combo').evaluate(grid => {
    grid.scrollTop = grid.scrollHeight - grid.clientHeight - 200;
  });
  await expect(column(page, 'combo')).toContainText('Loading older');
  const height = await grid(page, 'combo').evaluate(grid => grid.scrollHeight);
  const before = await standing(grid(page, 'combo'));
  letGo();
  await expect.poll(() => grid(page, 'combo').evaluate(grid => grid.scrollHeight)).toBeGreaterThan(height + 1_000);
  const keys = new Set(before.map(({ key }) => key));
  expect((await standing(grid(page, 'combo'))).filter(({ key }) => keys.has(key))).toEqual(before);

  await expect
    .poll(async () => {
      await scroll(grid(page, 'combo'), FAR);
      return note(page, 'combo', 'tape_end').count();
    })
    .toBe(1);
  await expect(note(page, 'combo', 'tape_end')).toHaveText('The tape ends here: nothing older is kept');
  await expect(column(page, 'combo')).toHaveAttribute('data-hold', 'held');
});

test('shows what it missed while the Worker was gone, once each, and says so', async ({ page, stack, problems }) => {
  problems.allow(/WebSocket connection to .* failed/, /Failed to load resource/);
  await open(page, { path: '/?v=sss' });
  const known = fresh(3, { tier: 'daily' });
  await show(page, stack, 'daily', known);
  await stack.edge.stop();
  await expect(column(page, 'daily')).toHaveAttribute('data-state', 'reconnecting');
  const missed = fresh(4, { tier: 'daily' });
  // Or the page might be back before the bridge is, and get them live.
  await page.context().setOffline(true);
  try {
    await publish(stack, ...missed);
  } finally {
    await stack.startEdge();
  }
  const wanted = missed.map(({ symbol }) => symbol).join();
  await expect
    .poll(
      async () => {
        const { patterns } = await stack.get<{ patterns: [] }>(
          `/api/patterns/daily?symbols=${wanted}&confidence_min=0`,
        );
        return patterns.length;
      },
      { timeout: 40_000 },
    )
    .toBe(4);
  await page.context().setOffline(false);
  await expect(note(page, 'daily', 'backfilled')).toContainText('4 events', { timeout: 40_000 });
  const [later] = fresh(1, { tier: 'daily' });
  await show(page, stack, 'daily', [later!]);
  for (const { symbol } of [...known, ...missed, later!])
    await expect(row(page, 'daily', String(symbol))).toHaveCount(1);
  const seqs = await rows(page, 'daily').evaluateAll(all => all.map(row => (row as HTMLElement).dataset.seq));
  expect(new Set(seqs).size).toBe(seqs.length);
  const order = (await standing(grid(page, 'daily'))).map(({ key }) => key);
  expect(order[1]).toBe(await note(page, 'daily', 'backfilled').getAttribute('data-key'));
});

test('shows a hostile event as text, in a row like any other', async ({ page, stack }) => {
  await open(page, { path: '/?v=sss' });
  const hostile = [
    { symbol: newSymbol('EVIL'), pattern: '<img src=x onerror="document.title=\'owned\'">' },
    { symbol: newSymbol('LONG'), pattern: 'W'.repeat(100), comment: 'x'.repeat(500), timeframe: 'y'.repeat(500) },
    { symbol: newSymbol('RTL'), pattern: 'نمط الراية الصاعدة‮ abc', direction: 'z'.repeat(500) },
    { symbol: newSymbol('EMO'), pattern: '👩‍👩‍👧‍👦'.repeat(8), price: 1e15, [`k${'v'.repeat(500)}`]: 1 },
  ];
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 800 });
    await publish(stack, ...hostile.map(pattern => ({ tier: 'daily', confidence: 0.99, ...pattern })));
    const height = width > 768 ? 44 : 56;
    for (const { symbol } of hostile) {
      const box = (await row(page, 'daily', symbol).first().boundingBox())!;
      expect(box.height).toBe(height);
      expect(box.width).toBeLessThanOrEqual(width);
    }
    for (const of of [grid(page, 'daily'), page.locator('html')]) {
      expect(await of.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
    }
    const overlaps = await rows(page, 'daily').evaluateAll(all =>
      all.flatMap(row => {
        const boxes = [...row.querySelectorAll<HTMLElement>('[role=gridcell]')]
          .filter(cell => cell.textContent !== '' && cell.offsetParent !== null)
          .map(cell => cell.getBoundingClientRect());
        const inside = row.getBoundingClientRect();
        const bad = boxes.filter(
          (a, i) =>
            a.left < inside.left ||
            a.right > inside.right + 0.5 ||
            a.bottom > inside.bottom + 0.5 ||
            boxes.some(
              (b, j) =>
                i < j &&
                a.left < b.right - 0.5 &&
                b.left < a.right - 0.5 &&
                a.top < b.bottom - 0.5 &&
                b.top < a.bottom - 0.5,
            ),
        );
        return bad.length > 0 ? [row.textContent] : [];
      }),
    );
    expect(overlaps).toEqual([]);
  }
  await expect(row(page, 'daily', hostile[0]!.symbol).first()).toContainText('<img src=x onerror=');
  expect(await page.locator('[role=grid] img').count()).toBe(0);
  expect(await page.title()).not.toContain('owned');
});

test('holds no more rows in the document than can be seen, in the order they are read when it stands still', async ({
  page,
  stack,
}) => {
  await open(page, { path: '/?v=sss' });
  await show(page, stack, 'intraday', fresh(80));
  expect(await rows(page, 'intraday').count()).toBeLessThan(40);
  await hover(page, 'intraday');
  const tops = () =>
    rows(page, 'intraday').evaluateAll(all => all.map(row => Math.round(row.getBoundingClientRect().top)));
  await expect.poll(async () => (await tops()).every((top, i, all) => i === 0 || top > all[i - 1]!)).toBe(true);
  const indices = await rows(page, 'intraday').evaluateAll(all => all.map(row => row.getAttribute('aria-rowindex')));
  expect(indices).toEqual(indices.map((_, i) => String(i + 1)));
  expect(await grid(page, 'intraday').getAttribute('aria-rowcount')).toMatch(/^\d+$/);
});

test('lets the keyboard go from row to row, and tells screen readers which', async ({ page, stack }) => {
  await open(page, { path: '/?v=sss' });
  const known = fresh(3, { tier: 'daily' })
    .map(({ symbol }) => String(symbol))
    .reverse();
  await show(
    page,
    stack,
    'daily',
    known.toReversed().map(symbol => ({ symbol })),
  );
  await grid(page, 'daily').focus();
  for (const symbol of known) {
    await page.keyboard.press('ArrowDown');
    await expect(row(page, 'daily', symbol)).toHaveAttribute('aria-selected', 'true');
    const id = await row(page, 'daily', symbol).getAttribute('id');
    await expect(grid(page, 'daily')).toHaveAttribute('aria-activedescendant', id!);
  }
  await expect(rows(page, 'daily').and(page.locator('[aria-selected=true]'))).toHaveCount(1);
  await expect(column(page, 'daily')).toHaveAttribute('data-hold', 'held');
  await expect(row(page, 'daily', known[0]!)).toHaveAttribute(
    'aria-label',
    new RegExp(`^${known[0]} Breakout BO, .*confidence 70`),
  );
});

test('draws nothing while the page is hidden, and everything at once when it is seen again', async ({
  page,
  stack,
}) => {
  await open(page, { path: '/?v=sss' });
  await show(page, stack, 'daily', fresh(2));
  const setHidden = (isHidden: boolean) =>
    page.evaluate(isHidden => {
      Object.defineProperty(document, 'hidden', { value: isHidden, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, isHidden);
  await setHidden(true);
  const before = await grid(page, 'daily').innerHTML();
  const held = () => page.evaluate(() => (globalThis as unknown as PageGlobals).__ts.stats().held.daily);
  const heldBefore = await held();
  const newest = fresh(20);
  await publish(stack, ...newest.map(pattern => ({ tier: 'daily', ...pattern })));
  await expect.poll(held).toBeGreaterThanOrEqual(heldBefore + 20);
  expect(await grid(page, 'daily').innerHTML()).toBe(before);
  await setHidden(false);
  await expect(row(page, 'daily', String(newest.at(-1)!.symbol))).toHaveCount(1);
});

test('has nothing that keeps anybody from reading it, following or held', async ({ page, stack }) => {
  await open(page, { path: '/?v=gst' });
  await publish(stack, ...fresh(3, { tier: 'daily', direction: 'bullish' }), ...fresh(3, { tier: 'intraday' }));
  await show(page, stack, 'intraday', fresh(1, { direction: 'bearish', confidence: 0.95 }));
  await axe(page, { within: '.live-rows' });
  await hover(page, 'intraday');
  await grid(page, 'daily').focus();
  await page.keyboard.press('ArrowDown');
  await axe(page, { within: '.live-rows' });
});

test('stars and mutes the row under the pointer', async ({ page, stack }) => {
  await open(page, { path: '/?v=sss' });
  const [symbol, other] = [newSymbol(), newSymbol()];
  await show(page, stack, 'daily', [{ symbol }, { symbol: other }]);
  await row(page, 'daily', symbol).hover();
  await row(page, 'daily', symbol)
    .getByRole('button', { name: `Star ${symbol}` })
    .click();
  await expect(row(page, 'daily', symbol)).toContainText('★');
  await row(page, 'daily', symbol)
    .getByRole('button', { name: `Mute ${symbol}` })
    .click();
  await expect(row(page, 'daily', symbol)).toHaveCount(0);
  await expect(row(page, 'daily', other)).toHaveCount(1);
  await expect(column(page, 'daily')).toContainText('1 muted');
});

test('leaves the oldest rows where they are while they are read and let go, and says that it is full', async ({
  page,
  stack,
}) => {
  test.setTimeout(180_000);
  await open(page, { path: '/?v=sss' });
  await show(page, stack, 'intraday', fresh(20));
  await hover(page, 'intraday');
  await page.mouse.move(2, 2);
  for (let sent = 0; sent < CAPACITY + 50; sent += 500) {
    const some = fresh(500, { tier: 'intraday', confidence: 0.7 });
    await publish(stack, ...some);
    await page.waitForTimeout(300);
  }
  await expect
    .poll(
      async () => {
        await scroll(grid(page, 'intraday'), FAR);
        return note(page, 'intraday', 'tape_end').count();
      },
      { timeout: 60_000 },
    )
    .toBe(1);
  await expect(note(page, 'intraday', 'tape_end')).toContainText('3,334 rows are held here; older ones were let go');
  await expect(column(page, 'intraday')).toHaveAttribute('data-hold', 'held');
  await expect.poll(async () => (await standing(grid(page, 'intraday'))).length).toBeGreaterThan(8);
  const before = await standing(grid(page, 'intraday'));
  await publish(stack, ...fresh(500, { tier: 'intraday' }));
  await expect(pill(page, 'intraday')).toContainText(/^\d[\d,]* new/);
  await expect
    .poll(async () => Number(((await pill(page, 'intraday').textContent()) ?? '').split(' ')[0]!.replace(',', '')))
    .toBeGreaterThan(499);
  expect(await standing(grid(page, 'intraday'))).toEqual(before);
});

interface PageGlobals {
  __ts: { stats(): { held: Record<Tier, number> } };
}
