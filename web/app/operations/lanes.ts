import type { HubOperations } from '../../../shared/api/operations.ts';
import { BRIDGE_ALIVE_MS } from '../../../shared/limits.ts';
import { TOPICS } from '../../../shared/topics.ts';
import { ageWords } from '../../live/words.ts';
import { countWords } from '../words.ts';
import { perMinuteWords, spanBoundWords } from './figures.ts';
import { hubOf, type OperationsWindow, type Span, spanOf } from './window.ts';

/** `down`: nothing gets through. `unknown`: nobody has said. */
export type LaneState = 'ok' | 'warn' | 'down' | 'unknown';

/** One part of the way from the producer to a screen. */
export interface Lane {
  id: 'producer' | 'redis' | 'bridge' | 'worker' | 'hub' | 'browser';
  title: string;
  state: LaneState;
  /** What is wrong, in sentences. */
  problems: string[];
  figures: [name: string, value: string][];
  spans: LaneSpan[];
}

export interface LaneSpan {
  name: string;
  span: Span | null;
  /** What 95 of 100 are to take at most; null = that is not this system's to keep. */
  budgetMs: number | null;
}

/** In milliseconds: finding who wants an event, from Worker to hub, from bridge to sockets, from receipt to paint. */
export const BUDGETS_MS = { filter: 5, route: 20, deliver: 100, paint: 50 } as const;
/** In regular trading the producer is never this quiet. */
const PRODUCER_SILENT_MS = 5 * 60_000;

export interface LaneSources {
  window: OperationsWindow;
  /** What bridges receive on all channels; null = not known. */
  messagesPerMinute: number | null;
  /** By the server's clock. */
  nowMs: number;
  /** Whether the exchange is in regular trading; null = not known. */
  isTrading: boolean | null;
}

/** The lanes from left to right; null before the server has said anything. */
export function makeLanes(sources: LaneSources): Lane[] | null {
  if (!sources.window.newest) return null;
  return [producer, redis, bridge, worker, hub, browser].map(make => overBudget(make(sources)));
}

function producer({ window, messagesPerMinute, nowMs, isTrading }: LaneSources): Lane {
  const told = beats(window).map(({ last_message_at_ms }) => last_message_at_ms ?? 0);
  // What bridges tell four times a minute; what hubs have they have at once.
  const kept = hubs(window).map(({ last_event_at_ms }) => last_event_at_ms ?? 0);
  const lastAtMs = Math.max(0, ...told, ...kept) || null;
  const silentMs = nowMs - (lastAtMs ?? 0);
  const isSilent = told.length > 0 && isTrading === true && silentMs > PRODUCER_SILENT_MS;
  const silence = lastAtMs === null ? 'Nothing was ever heard of it' : `Silent for ${ageWords(silentMs)}`;
  return {
    id: 'producer',
    title: 'TickStockPL',
    state: isSilent ? 'down' : told.length === 0 || lastAtMs === null ? 'unknown' : 'ok',
    problems: isSilent ? [`${silence}, in regular trading`] : [],
    figures: [
      ['Messages', perMinuteWords(messagesPerMinute)],
      ['Last message', lastAtMs === null ? 'n/a' : `${ageWords(silentMs)} ago`],
    ],
    spans: [{ name: 'Detection to bridge', span: window.span('detection_to_bridge_ms'), budgetMs: null }],
  };
}

function redis({ window }: LaneSources): Lane {
  const all = beats(window);
  const connected = all.filter(beat => beat.redis_connected);
  const [first] = connected;
  const short = connected.filter(beat => beat.channels_subscribed < beat.channels_wanted);
  const problems = [
    ...(all.length > 0 && !first ? ['No bridge is connected to it'] : []),
    ...short.map(beat => `Only ${beat.channels_subscribed} of ${beat.channels_wanted} channels are subscribed`),
  ];
  return {
    id: 'redis',
    title: 'Redis',
    state: all.length === 0 ? 'unknown' : first ? stateOf(problems) : 'down',
    problems,
    figures: [
      ['Subscribed', first ? `${first.channels_subscribed} of ${first.channels_wanted}` : 'n/a'],
      ['Round trip', first?.redis_latency_ms == null ? 'n/a' : `${first.redis_latency_ms} ms`],
    ],
    spans: [{ name: 'Publishing to bridge', span: window.span('published_to_bridge_ms'), budgetMs: null }],
  };
}

function bridge({ window, nowMs }: LaneSources): Lane {
  const { lastBeatAtMs, alive } = bridgesOf(window, nowMs);
  const reasons = [...new Set(alive.flatMap(({ heartbeat }) => heartbeat.reasons))];
  const isDown = alive.length === 0;
  const gone =
    lastBeatAtMs === null ? 'No bridge has posted yet' : `No heartbeat for ${ageWords(nowMs - lastBeatAtMs)}`;
  return {
    id: 'bridge',
    title: 'Bridge',
    state: isDown ? 'down' : stateOf(reasons),
    problems: isDown ? [gone] : reasons,
    figures: [
      ['Events', perMinuteWords(window.perMinute(each => each.counts.appended))],
      ['Running', countWords(alive.length)],
      ['Heartbeat', lastBeatAtMs === null ? 'n/a' : `${ageWords(nowMs - lastBeatAtMs)} ago`],
    ],
    spans: [{ name: 'Bridge to Worker', span: window.span('bridge_to_edge_ms'), budgetMs: null }],
  };
}

function worker({ window }: LaneSources): Lane {
  const refused = (['batch_signature', 'batch_clock_skew'] as const).filter(
    cause => (window.perMinute(({ counts }) => counts.denied[cause] ?? 0) ?? 0) > 0,
  );
  const problems = refused.map(cause =>
    cause === 'batch_signature'
      ? 'Refuses batches: bridge and Worker have different secrets'
      : 'Refuses batches: the clocks of bridge and Worker are apart',
  );
  return {
    id: 'worker',
    title: 'Worker',
    state: stateOf(problems),
    problems,
    figures: [['Batches', perMinuteWords(window.perMinute(({ counts }) => counts.batches))]],
    spans: [{ name: 'Worker to hub', span: window.span('edge_to_hub_ms'), budgetMs: BUDGETS_MS.route }],
  };
}

function hub({ window }: LaneSources): Lane {
  const newest = window.newest!;
  const lost = TOPICS.filter(topic => hubOf(newest, topic) === null);
  const grows = (read: (each: HubOperations) => number) => window.perMinute(read) ?? 0;
  const limited = grows(({ counts }) => counts.rate_limited);
  const skipped = grows(({ counts }) => counts.skipped);
  const problems = [
    ...lost.map(topic => `The hub of ${topic} gives no answer`),
    ...hubs(window).flatMap(({ topic, replicas }) =>
      replicas.unanswered === 0
        ? []
        : [`${countWords(replicas.unanswered)} of ${countWords(replicas.active)} replicas of ${topic} give no answer`],
    ),
    ...(limited > 0 ? [`Withholds ${perMinuteWords(limited)}: sessions over their limit of events a second`] : []),
    ...(skipped > 0 ? [`Withholds ${perMinuteWords(skipped)}: sessions that read too slowly`] : []),
  ];
  const sum = (read: (each: HubOperations) => number) => hubs(window).reduce((total, each) => total + read(each), 0);
  const replicas = sum(each => each.replicas.configured);
  return {
    id: 'hub',
    title: 'Hubs',
    state: lost.length === TOPICS.length ? 'down' : stateOf(problems),
    problems,
    figures: [
      ['Deliveries', perMinuteWords(window.perMinute(({ counts }) => counts.deliveries))],
      ['Sessions', countWords(sum(({ sessions }) => sessions.open))],
      ...(replicas > 0
        ? ([['Replicas', `${sum(each => each.replicas.active)} of ${replicas} in use`]] as Lane['figures'])
        : []),
    ],
    spans: [
      { name: 'Finding who wants it', span: window.span('plan_ms'), budgetMs: BUDGETS_MS.filter },
      { name: 'Bridge to sockets', span: window.span('bridge_to_delivery_ms'), budgetMs: BUDGETS_MS.deliver },
    ],
  };
}

/** Reports are a minute apart, so where none came lately all so far are shown. */
function browser({ window, nowMs }: LaneSources): Lane {
  const { browsers, bounds_ms } = window.newest!;
  const isNew = window.browserSpan('paint_ms') !== null;
  const span = (name: 'receipt_ms' | 'paint_ms') =>
    isNew ? window.browserSpan(name) : browsers && spanOf(bounds_ms, browsers[name].cumulative);
  const hasReported = browsers !== null && browsers.reports > 0;
  return {
    id: 'browser',
    title: 'Browsers',
    state: hasReported ? 'ok' : 'unknown',
    problems:
      browsers === null ? ['The hub of system gives no answer'] : hasReported ? [] : ['No browser has reported'],
    figures: [
      ['Reports', hasReported ? countWords(browsers.reports) : browsers ? '0' : 'n/a'],
      ['Last report', browsers?.last_at_ms ? `${ageWords(Math.max(0, nowMs - browsers.last_at_ms))} ago` : 'n/a'],
      ...(hasReported && browsers.uncertain > 0
        ? ([['Clock unsure', countWords(browsers.uncertain)]] as Lane['figures'])
        : []),
      ...(hasReported ? ([['Figures of', isNew ? 'the last minute' : 'all so far']] as Lane['figures']) : []),
    ],
    spans: [
      { name: 'Hub to receipt', span: span('receipt_ms'), budgetMs: null },
      { name: 'Receipt to paint', span: span('paint_ms'), budgetMs: BUDGETS_MS.paint },
    ],
  };
}

/** A lane that takes longer than it may says so. */
function overBudget(lane: Lane): Lane {
  const over = lane.spans.filter(({ span, budgetMs }) => span && budgetMs !== null && span.p95AtLeast >= budgetMs);
  if (over.length === 0) return lane;
  const words = over.map(
    ({ name, span, budgetMs }) => `${name}: p95 ${spanBoundWords(span!.p95)}, budget ${budgetMs} ms`,
  );
  return { ...lane, state: lane.state === 'down' ? 'down' : 'warn', problems: [...lane.problems, ...words] };
}

function stateOf(problems: readonly string[]): LaneState {
  return problems.length === 0 ? 'ok' : 'warn';
}

function hubs(window: OperationsWindow): HubOperations[] {
  return TOPICS.flatMap(topic => hubOf(window.newest!, topic) ?? []);
}

/** The bridges as that hub tells of them that heard last. */
function bridgesOf(window: OperationsWindow, nowMs: number) {
  const told = hubs(window).map(each => ({
    alive: each.bridges.filter(({ heartbeat_at_ms }) => nowMs - heartbeat_at_ms <= BRIDGE_ALIVE_MS),
    lastBeatAtMs: each.heartbeat_age_ms === null ? null : each.at_ms - each.heartbeat_age_ms,
  }));
  const [newest] = told.toSorted((a, b) => (b.lastBeatAtMs ?? 0) - (a.lastBeatAtMs ?? 0));
  return newest ?? { alive: [], lastBeatAtMs: null };
}

function beats(window: OperationsWindow) {
  const nowMs = Date.parse(window.newest!.generated_at);
  return bridgesOf(window, nowMs).alive.map(({ heartbeat }) => heartbeat);
}
