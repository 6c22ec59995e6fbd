import { describe, expect, it, test } from 'vitest';
import type { Backtest } from '../../../../shared/api/backtests.ts';
import { backtestRequestSchema } from '../../../../shared/requests/backtests.ts';
import {
  doubts,
  endWords,
  numberWords,
  percentWords,
  progressWords,
  silentMinutes,
  someWords,
  stateWords,
  tookWords,
} from '../../../../web/app/backtests/backtest-words.ts';
import { fieldOf, firstValues, readForm, shownRange, valuesOf } from '../../../../web/app/backtests/form-values.ts';
import { listAfter, readBacktestFrame } from '../../../../web/app/backtests/list.ts';
import { newBacktest } from '../../../../workers/core/backtest-job.ts';

const NOW_MS = Date.UTC(2026, 10, 20, 15);
const request = backtestRequestSchema.parse({
  symbols: ['NVDA', 'AAPL'],
  start_date: '2025-01-01',
  end_date: '2025-12-31',
  patterns: ['Doji'],
});
const backtest = (changes: Partial<Backtest> = {}): Backtest => {
  const { seen: _, ...job } = newBacktest('j', request, NOW_MS);
  return { ...job, state: 'queued', receivers: 1, ...changes };
};
const at = (iso: string) => iso.slice(11, 16);
const minutesAgo = (minutes: number) => new Date(NOW_MS - minutes * 60_000).toISOString();

describe('the list', () => {
  const [one, two] = [backtest({ job_id: 'one' }), backtest({ job_id: 'two' })];

  it('has what the server says, the newest first', () => {
    expect(listAfter([], { type: 'backtests', jobs: [two, one] })).toEqual([two, one]);
    expect(listAfter([one], { type: 'backtest', job: two })).toEqual([two, one]);
    const changed = { ...one, state: 'running' as const };
    expect(listAfter([two, one], { type: 'backtest', job: changed })).toEqual([two, changed]);
    expect(listAfter([two, one], { type: 'backtest_removed', job_id: 'two' })).toEqual([one]);
  });

  it('reads frames about backtests, and no others', () => {
    for (const frame of [
      { type: 'backtests', jobs: [one] },
      { type: 'backtest', job: one },
      { type: 'backtest_removed', job_id: 'one' },
    ]) {
      expect(readBacktestFrame(JSON.stringify(frame))).toEqual(frame);
    }
    const others = ['pong', '{', 'null', '{"type":"hello"}', '{"type":"backtest","job":{}}', '{"type":"backtests"}'];
    for (const text of [...others, '{"type":"backtests","jobs":[null]}', '{"type":"backtest_removed"}']) {
      expect(readBacktestFrame(text)).toBeNull();
    }
  });
});

describe('words', () => {
  test.each<[Partial<Backtest>, string]>([
    [{ state: 'unsent', created_at: minutesAgo(60) }, 'Not handed over'],
    [{}, 'Waiting to be taken up'],
    [{ state: 'running', heard_at: minutesAgo(4.9) }, 'Running'],
    [{ state: 'running', created_at: minutesAgo(60), heard_at: minutesAgo(5) }, 'No word for 5 min'],
    [{ created_at: minutesAgo(7.5) }, 'No word for 7 min'],
    [{ state: 'cancelling' }, 'Asked to stop'],
    [{ state: 'cancelling', heard_at: minutesAgo(6) }, 'Asked to stop; no word for 6 min'],
  ])('%j is "%s"', (changes, words) => {
    expect(stateWords(backtest(changes), NOW_MS)).toBe(words);
  });

  it('of progress leave out what is not known', () => {
    expect(progressWords(backtest(), at)).toBe('');
    const known = { progress: 0.456, current_symbol: 'NVDA', processed_symbols: 1 };
    const running = backtest({ state: 'running', ...known, estimated_completion: '2026-11-20T15:31:00.000Z' });
    expect(progressWords(running, at)).toBe('46 %, NVDA, 1 of 2 symbols, done about 15:31');
  });

  it('say what may be wrong', () => {
    expect(doubts(backtest(), at)).toEqual([]);
    const missed = {
      from: '2026-11-20T15:01:00.000Z',
      to: '2026-11-20T15:02:00.000Z',
      reason: 'bridge_absent' as const,
    };
    expect(doubts(backtest({ receivers: 0, missed }), at)).toEqual([
      'Nobody listened when it was sent: TickStockPL may not have got it.',
      'What was said from 15:01 to 15:02 may have been missed.',
    ]);
    expect(doubts(backtest({ receivers: 0, heard_at: minutesAgo(0) }), at)).toEqual([]);
    expect(silentMinutes(backtest({ state: 'failed', created_at: minutesAgo(60) }), NOW_MS)).toBeNull();
  });

  test.each<[Partial<Backtest>, string]>([
    [{ state: 'unsent' }, 'It could not be handed over to TickStockPL.'],
    [{ state: 'failed', message: 'No data' }, 'No data'],
    [{ state: 'failed' }, 'TickStockPL did not say why.'],
    [{ state: 'cancelled' }, 'Stopped.'],
    [{ state: 'completed' }, 'TickStockPL sent no figures.'],
  ])('of the end of %j are "%s"', (changes, words) => {
    expect(endWords(backtest(changes))).toBe(words);
  });

  it('of figures say n/a for what was not sent, and which way it went', () => {
    expect([percentWords(null), numberWords(null), tookWords(null)]).toEqual(['n/a', 'n/a', 'n/a']);
    expect([percentWords(0.1236, true), percentWords(-0.05, true), percentWords(0.00001, true)]).toEqual([
      '+12.4 %',
      '−5.0 %',
      '0.0 %',
    ]);
    expect([percentWords(0.58), numberWords(1234), numberWords(1.4, 2)]).toEqual(['58.0 %', '1,234', '1.40']);
    expect([tookWords(12.34), tookWords(200)]).toEqual(['12.3 s', '3 min 20 s']);
    expect([someWords(['A']), someWords(['A', 'B', 'C', 'D', 'E'])]).toEqual(['A', 'A, B, C and 2 more']);
  });
});

describe('the form', () => {
  const values = { ...firstValues(NOW_MS), symbols: ['NVDA'], patterns: ['Doji'] };

  it('begins with a year up to today and the usual parameters, in percent, and asks for what the server takes', () => {
    expect(values.parameters).toEqual({
      initial_capital: '100000',
      commission_rate: '0.1',
      slippage_rate: '0.05',
      max_position_size: '10',
      stop_loss_pct: '5',
      take_profit_pct: '10',
    });
    const read = readForm(values, NOW_MS) as { request: object };
    expect(backtestRequestSchema.parse(read.request)).toEqual(read.request);
    expect(read.request).toMatchObject({ parameters: { commission_rate: 0.001, stop_loss_pct: 0.05 } });
  });

  it('is filled with an earlier backtest, as it was asked for', () => {
    const again = valuesOf({
      ...request,
      parameters: { ...request.parameters, stop_loss_pct: null, slippage_rate: 0.07 },
    });
    expect(again.parameters).toMatchObject({ stop_loss_pct: '', slippage_rate: '7' });
    expect(readForm(again, NOW_MS)).toEqual({
      request: { ...request, parameters: { ...request.parameters, stop_loss_pct: null, slippage_rate: 0.07 } },
    });
  });

  test.each([
    [{ symbols: [] }, 'symbols'],
    [{ symbols: Array.from({ length: 51 }, (_, i) => `S${i}`) }, 'symbols'],
    [{ patterns: [] }, 'patterns'],
    [{ patterns: Array.from({ length: 51 }, (_, i) => `P${i}`) }, 'patterns'],
    [{ startDate: '' }, 'start_date'],
    [{ endDate: '2025-02-3' }, 'end_date'],
    [{ startDate: '2025-02-02', endDate: '2025-02-01' }, 'end_date'],
    [{ endDate: '2026-12-01' }, 'end_date'],
    [{ parameters: { ...values.parameters, commission_rate: '11' } }, 'commission_rate'],
    [{ parameters: { ...values.parameters, initial_capital: '' } }, 'initial_capital'],
    [{ parameters: { ...values.parameters, take_profit_pct: 'much' } }, 'take_profit_pct'],
  ])('says what is wrong with %j, at its field', (changes, field) => {
    const read = readForm({ ...values, ...changes }, NOW_MS);
    expect(Object.keys((read as { errors: object }).errors)).toEqual([field]);
  });

  test.each([
    ['symbols.3', 'symbols'],
    ['parameters.slippage_rate', 'slippage_rate'],
    ['end_date', 'end_date'],
    ['parameters', null],
    ['idempotency-key', null],
    [null, null],
  ])('%j of the server is the field %j', (sent, field) => {
    expect(fieldOf(sent)).toBe(field);
  });

  it('knows its ranges in percent', () => {
    expect(shownRange('stop_loss_pct')).toEqual({ min: 0.1, max: 100, isOptional: true });
    expect(shownRange('initial_capital')).toEqual({ min: 1, max: 1_000_000_000, isOptional: false });
  });
});
