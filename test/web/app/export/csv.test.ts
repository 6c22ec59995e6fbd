import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvName, toCsv } from '../../../../web/app/export/csv.ts';
import { defaultFilters, NO_LOCAL_FILTER } from '../../../../web/app/state/filters.ts';
import type { Entry } from '../../../../web/live/entry.ts';
import { patternEntry } from '../event.ts';

const AT_MS = Date.parse('2026-11-20T14:36:15.250Z');
const filters = { ...defaultFilters(), local: { ...NO_LOCAL_FILTER, directions: ['up' as const] } };
const csvOf = (...entries: Entry[]) => toCsv([{ tier: 'daily', filters, entries }], AT_MS);

/** Reads RFC 4180, as a spreadsheet does. */
function read(csv: string): string[][] {
  const rows: string[][] = [[]];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  for (let match = cell.exec(csv); match; match = cell.exec(csv)) {
    rows.at(-1)!.push(match[1]?.replaceAll('""', '"') ?? match[2]!);
    if (match[3] === '\r\n') rows.push([]);
    if (cell.lastIndex === csv.length) break;
  }
  return rows.slice(0, -1);
}
function tableOf(csv: string): Record<string, string>[] {
  const [names, ...rows] = read(csv).slice(read(csv).findIndex(row => row[0] === '') + 1);
  return rows.map(row => Object.fromEntries(names!.map((name, at) => [name, row[at]!])));
}

describe('exported rows', () => {
  it('begin with what they were chosen by', () => {
    const subscriptions = [
      ...filters.subscriptions,
      { id: 'w', name: 'Watch', filter: { symbols: ['NVDA', 'TSLA'] }, isPaused: true },
    ];
    const csv = toCsv([{ tier: 'daily', filters: { ...filters, subscriptions }, entries: [patternEntry()] }], AT_MS);
    expect(read(csv).slice(0, 7)).toEqual([
      ['tier', 'daily'],
      ['sent by the server (Main)', 'conf>=60'],
      ['sent by the server (Watch, paused)', 'sym:NVDA,TSLA'],
      ['hidden in the page, all but', 'dir:up'],
      ['rows', '1'],
      ['exported at', '2026-11-20T14:36:15.250Z'],
      [''],
    ]);
  });

  it('have every field of a row, times in ISO', () => {
    const entry = patternEntry(
      { levels: [1, { type: 'support' }], hops: { bridge_at_ms: 1, edge_at_ms: 2, hub_at_ms: AT_MS } },
      { count: 3, change: -40, firstAtMs: AT_MS - 60_000 },
    );
    expect(tableOf(csvOf(entry))).toEqual([
      expect.objectContaining({
        tier: 'intraday',
        symbol: 'NVDA',
        confidence: '0.87',
        price: '182.5',
        detected_at: '2026-11-20T14:36:15.250Z',
        first_seen_at: '2026-11-20T14:35:15.250Z',
        count: '3',
        confidence_change: '-0.04',
        published_at: '',
        hub_at: '2026-11-20T14:36:15.250Z',
        levels: '[1,{"type":"support"}]',
        expires_at: '',
        tags: 'high_confidence',
        seq: '1',
      }),
    ]);
  });

  it('are as shown, without the dividers between them', () => {
    const note: Entry = { type: 'note', key: 'n', note: 'gap', words: 'Gap', atMs: AT_MS };
    const rows = tableOf(csvOf(patternEntry({ symbol: 'B' }), note, patternEntry({ symbol: 'A' })));
    expect(rows.map(({ symbol }) => symbol)).toEqual(['B', 'A']);
  });

  it('of all columns stand in one table', () => {
    const csv = toCsv(
      [
        { tier: 'daily', filters, entries: [patternEntry({ tier: 'daily' })] },
        { tier: 'combo', filters, entries: [patternEntry({ tier: 'combo' })] },
      ],
      AT_MS,
    );
    expect(tableOf(csv).map(({ tier }) => tier)).toEqual(['daily', 'combo']);
    expect(
      read(csv)
        .filter(([name]) => name === 'tier')
        .map(([, tier]) => tier)
        .slice(0, 2),
    ).toEqual(['daily', 'combo']);
  });

  it('say when everything was sent and shown', () => {
    const all = { subscriptions: [{ ...defaultFilters().subscriptions[0]!, filter: {} }], local: NO_LOCAL_FILTER };
    expect(read(toCsv([{ tier: 'daily', filters: all, entries: [] }], AT_MS)).slice(1, 3)).toEqual([
      ['sent by the server (Main)', 'everything'],
      ['hidden in the page, all but', 'everything'],
    ]);
  });

  it.each(['=1+1', '+cmd', '-x', '@SUM(A1)', '\t=1', '\r=1', '--1', '-1-1'])('take %j for no formula', text => {
    expect(tableOf(csvOf(patternEntry({ pattern_type: text })))[0]!.pattern_type).toBe(`'${text}`);
  });

  it.each(['-1.5', '+3', 'NVDA', "it's", ''])('leave %j as it is', text => {
    expect(tableOf(csvOf(patternEntry({ pattern_type: text })))[0]!.pattern_type).toBe(text);
  });

  it('are read as they were written, whatever a producer sends', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.double({ noNaN: true }), (text, price) => {
        const [row] = tableOf(csvOf(patternEntry({ pattern_type: `x${text}`, price, source: 'end' })));
        expect(row).toEqual(expect.objectContaining({ pattern_type: `x${text}`, source: 'end' }));
        expect(Number(row!.price)).toBe(price === 0 ? 0 : price);
      }),
    );
  });

  it('survive times that no calendar has', () => {
    expect(tableOf(csvOf(patternEntry({}, { firstAtMs: Number.NaN })))[0]!.first_seen_at).toBe('');
  });

  it('are in a file that says what and when', () => {
    expect(csvName(['combo'], AT_MS)).toBe('tickstock-combo-2026-11-20T143615Z.csv');
    expect(csvName(['daily', 'intraday', 'combo'], AT_MS)).toBe('tickstock-all-2026-11-20T143615Z.csv');
  });
});
