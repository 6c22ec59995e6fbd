import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Announcer } from '../../../web/live/announcer.ts';
import type { ColumnFacts } from '../../../web/live/facts.ts';
import { FactsTeller } from '../../../web/live/facts-teller.ts';
import { Holding } from '../../../web/live/holding.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('what holds a column', () => {
  function setUp() {
    const told: string[] = [];
    const holding: Holding = new Holding(() => told.push(`${holding.flow} ${holding.reason}`));
    return { told, holding };
  }

  it('is told when time alone changes it', () => {
    const { told, holding } = setUp();
    holding.tell((hold, nowMs) => hold.pointerMoved(nowMs));
    expect(told).toEqual([]);
    vi.advanceTimersByTime(250);
    expect(told).toEqual(['held pointer']);
    holding.tell((hold, nowMs) => hold.pointerLeft(nowMs));
    vi.advanceTimersByTime(1_999);
    expect(told.length).toBe(1);
    vi.advanceTimersByTime(1);
    expect(told).toEqual(['held pointer', 'following null']);
  });

  it('is told once for each change', () => {
    const { told, holding } = setUp();
    holding.tell((hold, nowMs) => hold.focused(true, nowMs));
    holding.tell((hold, nowMs) => hold.focused(true, nowMs));
    holding.tell((hold, nowMs) => hold.menu(true, nowMs));
    expect(told).toEqual(['held focus', 'held menu']);
  });

  it('is outdone by a pause, which remembers since when it is', () => {
    vi.setSystemTime(5_000);
    const { told, holding } = setUp();
    holding.tell((hold, nowMs) => hold.toggled(true, nowMs));
    holding.setPaused(true);
    vi.advanceTimersByTime(1_000);
    holding.setPaused(true);
    expect(holding.pausedAtMs).toBe(5_000);
    holding.setPaused(false);
    expect(holding.pausedAtMs).toBeNull();
    expect(told).toEqual(['held toggle', 'paused toggle', 'held toggle']);
  });

  it('waits for nothing any more once it is closed', () => {
    const { told, holding } = setUp();
    holding.tell((hold, nowMs) => hold.pointerMoved(nowMs));
    holding.close();
    vi.advanceTimersByTime(10_000);
    expect(told).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('facts', () => {
  function setUp() {
    let made = 0;
    const told: number[] = [];
    const after: [number, number][] = [];
    const shown = ({ shown }: ColumnFacts) => shown;
    const teller = new FactsTeller(
      () => ({ shown: made++ }) as ColumnFacts,
      (facts, before) => after.push([shown(facts), shown(before)]),
    );
    const off = teller.on(facts => told.push(facts.shown));
    return { teller, told, after, off };
  }

  it('are told at most once a second', async () => {
    const { teller, told } = setUp();
    teller.changed(true);
    await Promise.resolve();
    for (let ms = 0; ms < 4_000; ms += 10) {
      teller.changed(false);
      vi.advanceTimersByTime(10);
    }
    expect(told.length).toBe(5);
  });

  it('are told at once when they are grave, once for all that happens together, and not again for what waited', async () => {
    const { teller, told, after } = setUp();
    teller.changed(true);
    teller.changed(false);
    teller.changed(true);
    expect(told).toEqual([]);
    await Promise.resolve();
    expect(told).toEqual([1]);
    teller.changed(true);
    await Promise.resolve();
    expect(told).toEqual([1, 2]);
    expect(after).toEqual([
      [1, 0],
      [2, 1],
    ]);
    vi.advanceTimersByTime(1_000);
    expect(told).toEqual([1, 2]);
    expect(teller.facts.shown).toBe(2);
  });

  it('are not told to who does not listen any more', async () => {
    const { teller, told, off } = setUp();
    off();
    teller.changed(true);
    teller.changed(false);
    teller.close();
    await Promise.resolve();
    expect(vi.getTimerCount()).toBe(0);
    expect(told).toEqual([]);
  });

  it('are not made any more once the column is closed', async () => {
    const { teller, told } = setUp();
    teller.changed(true);
    teller.close();
    await Promise.resolve();
    expect([told, teller.facts.shown]).toEqual([[], 0]);
  });
});

describe('the announcer', () => {
  function setUp() {
    const polite = { textContent: '' } as HTMLElement;
    const assertive = { textContent: '' } as HTMLElement;
    return { polite, assertive, announcer: new Announcer(polite, assertive) };
  }

  it('says one sentence in ten seconds, of each subject the last', () => {
    const { polite, announcer } = setUp();
    announcer.say('daily', 'Daily 1 new');
    expect(polite.textContent).toBe('Daily 1 new');
    announcer.say('daily', 'Daily 2 new');
    announcer.say('combo', 'Combo 1 new');
    announcer.say('daily', 'Daily 3 new');
    vi.advanceTimersByTime(9_999);
    expect(polite.textContent).toBe('Daily 1 new');
    vi.advanceTimersByTime(1);
    expect(polite.textContent).toBe('Daily 3 new; Combo 1 new');
    vi.advanceTimersByTime(10_000);
    announcer.say('daily', 'Daily 4 new');
    expect(polite.textContent).toBe('Daily 4 new');
  });

  it('asks how to word it only when its turn has come, and says nothing that is empty', () => {
    const { polite, announcer } = setUp();
    let count = 0;
    announcer.say('daily', '');
    expect(polite.textContent).toBe('');
    announcer.say('daily', 'first');
    announcer.say('daily', () => `${count} new`);
    count = 7;
    vi.advanceTimersByTime(10_000);
    expect(polite.textContent).toBe('7 new');
  });

  it('interrupts with an alarm, in one sentence for all who raise the same', async () => {
    const { polite, assertive, announcer } = setUp();
    announcer.alarm('Daily', 'Connection lost');
    announcer.alarm('Combo', 'Connection lost');
    announcer.alarm('Intraday', 'Not allowed');
    await Promise.resolve();
    expect(assertive.textContent).toBe('Daily, Combo: Connection lost; Intraday: Not allowed');
    expect(polite.textContent).toBe('');
    announcer.alarm('Daily', 'Offline');
    await Promise.resolve();
    expect(assertive.textContent).toBe('Daily: Offline');
  });
});
