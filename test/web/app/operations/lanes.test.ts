import { describe, expect, it } from 'vitest';
import { type Lane, type LaneSources, makeLanes } from '../../../../web/app/operations/lanes.ts';
import { OperationsWindow } from '../../../../web/app/operations/window.ts';
import { answer, cumulative, heartbeat, NOW_MS, noReports } from './answers.ts';

/** The lanes after two answers, 30 s apart. */
function lanes(
  changes: Parameters<typeof answer>[0] = {},
  sources: Partial<LaneSources> = {},
): Record<Lane['id'], Lane> {
  const window = new OperationsWindow();
  window.add(answer({ atMs: NOW_MS - 30_000 }));
  window.add(answer(changes));
  const made = makeLanes({ window, messagesPerMinute: 120, nowMs: NOW_MS, isTrading: true, ...sources })!;
  return Object.fromEntries(made.map(lane => [lane.id, lane])) as Record<Lane['id'], Lane>;
}
const bridges = (changes: object) => [
  { bridge_id: 'bridge-1', heartbeat_at_ms: NOW_MS - 4_000, heartbeat: heartbeat(changes) },
];

describe('the lanes', () => {
  it('are not known before the server has answered', () => {
    const sources = { window: new OperationsWindow(), messagesPerMinute: null, nowMs: NOW_MS, isTrading: null };
    expect(makeLanes(sources)).toBeNull();
  });

  it('are all well when everything is, but for browsers that nobody has heard of', () => {
    const made = Object.values(lanes());
    expect(made.map(({ id, state }) => `${id} ${state}`)).toEqual([
      'producer ok',
      'redis ok',
      'bridge ok',
      'worker ok',
      'hub ok',
      'browser unknown',
    ]);
    expect(made.flatMap(({ problems }) => problems)).toEqual(['No browser has reported']);
  });

  it('say that the producer is silent in regular trading, and not at night', () => {
    const hub = { bridges: bridges({ last_message_at_ms: NOW_MS - 420_000 }) };
    expect(lanes({ hub }).producer).toMatchObject({
      state: 'down',
      problems: ['Silent for 7 min, in regular trading'],
    });
    expect(lanes({ hub }, { isTrading: false }).producer.state).toBe('ok');
    expect(lanes({ hub }, { isTrading: null }).producer.state).toBe('ok');
  });

  it('take what is on a tape for heard before a bridge tells of it, and nothing for certain without a bridge', () => {
    const hub = { last_event_at_ms: NOW_MS - 2_000 };
    const heard = lanes({ hub: { ...hub, bridges: bridges({ last_message_at_ms: null }) } });
    expect(heard.producer).toMatchObject({ state: 'ok', figures: [expect.anything(), ['Last message', '2 s ago']] });
    expect(lanes({ hub: { ...hub, bridges: [] } }).producer.state).toBe('unknown');
  });

  it('say what is wrong with Redis: not connected, or not all channels subscribed', () => {
    expect(lanes({ hub: { bridges: bridges({ redis_connected: false }) } }).redis).toMatchObject({
      state: 'down',
      problems: ['No bridge is connected to it'],
    });
    expect(lanes({ hub: { bridges: bridges({ channels_subscribed: 30 }) } }).redis).toMatchObject({
      state: 'warn',
      problems: ['Only 30 of 31 channels are subscribed'],
    });
  });

  it('say that the bridge is gone, and then nothing of what it alone knows', () => {
    const made = lanes({ hub: { bridges: [], heartbeat_age_ms: 48_000 } });
    expect(made.bridge).toMatchObject({ state: 'down', problems: ['No heartbeat for 48 s'] });
    expect([made.redis.state, made.producer.state]).toEqual(['unknown', 'unknown']);
    expect(made.redis.figures).toEqual([
      ['Subscribed', 'n/a'],
      ['Round trip', 'n/a'],
    ]);
    expect(lanes({ hub: { bridges: [], heartbeat_age_ms: null } }).bridge.problems).toEqual([
      'No bridge has posted yet',
    ]);
    const reasons = ['Redis answers in 80 ms'];
    expect(lanes({ hub: { bridges: bridges({ reasons }) } }).bridge).toMatchObject({
      state: 'warn',
      problems: reasons,
    });
  });

  it('tell of replicas where there are to be some, and of those that give no answer', () => {
    const { hub } = lanes({ hub: { replicas: { configured: 10, active: 4, unanswered: 1 } } });
    expect(hub.figures).toContainEqual(['Replicas', '16 of 40 in use']);
    expect(hub.state).toBe('warn');
    expect(hub.problems).toContain('1 of 4 replicas of daily give no answer');
    expect(JSON.stringify(lanes().hub.figures)).not.toContain('Replicas');
  });

  it('say when batches are refused, hubs do not answer, and events are withheld', () => {
    expect(lanes({ counts: { denied: { batch_signature: 3 } } }).worker).toMatchObject({
      state: 'warn',
      problems: ['Refuses batches: bridge and Worker have different secrets'],
    });
    const { hub } = lanes({ lost: ['combo'], counts: { rate_limited: 5, skipped: 1 } });
    expect(hub).toMatchObject({ state: 'warn' });
    expect(hub.problems).toEqual([
      'The hub of combo gives no answer',
      'Withholds 30/min: sessions over their limit of events a second',
      'Withholds 6/min: sessions that read too slowly',
    ]);
    expect(lanes({ lost: ['daily', 'intraday', 'combo', 'system'] }).hub.state).toBe('down');
  });

  it('say what takes longer than it may, once that is sure', () => {
    // Between 5 and 25 ms it may be under the budget of 20.
    expect(lanes({ fell: { edge_to_hub_ms: [0, 0, 9] } }).worker.state).toBe('ok');
    expect(lanes({ fell: { edge_to_hub_ms: [0, 0, 0, 9] } }).worker).toMatchObject({
      state: 'warn',
      problems: ['Worker to hub: p95 ≤ 50 ms, budget 20 ms'],
    });
    expect(lanes({ fell: { bridge_to_delivery_ms: [0, 0, 0, 0, 9] } }).hub.state).toBe('ok');
    expect(lanes({ fell: { bridge_to_delivery_ms: [0, 0, 0, 0, 0, 9] } }).hub.state).toBe('warn');
  });

  it('tell of browsers what they reported lately, else all so far, and which of them', () => {
    const all = { ...noReports(), reports: 2, last_at_ms: NOW_MS - 5_000, paint_ms: cumulative([0, 0, 8]) };
    const late = lanes({ browsers: all }).browser;
    expect(late.state).toBe('ok');
    expect(Object.fromEntries(late.figures)).toEqual({
      Reports: '2',
      'Last report': '5 s ago',
      'Figures of': 'the last minute',
    });
    const window = new OperationsWindow();
    window.add(answer({ browsers: all }));
    const sources = { window, messagesPerMinute: null, nowMs: NOW_MS, isTrading: null };
    const before = makeLanes(sources)!.at(-1)!;
    expect(Object.fromEntries(before.figures)['Figures of']).toBe('all so far');
    expect(before.spans.map(({ span }) => span?.p95)).toEqual([undefined, 25]);
  });
});
