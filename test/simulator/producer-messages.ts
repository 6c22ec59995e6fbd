import { type Message, message, SOURCE } from './detection.ts';
import { type Random, uuidFrom } from './random.ts';
import { SYMBOLS } from './symbols.ts';
import { epochSeconds, isoUtc } from './times.ts';

/** What the producer says about itself, each call published at `atMs`. */
export interface ProducerMessages {
  /** The streaming session that runs. */
  sessionId(): string;
  /** Ends the session that runs, if any, and starts the next. */
  newSession(atMs: number): Message[];
  streamingHealth(atMs: number): Message;
  systemHealth(atMs: number): Message;
  /** An alert, and the next time that it is over. */
  criticalAlert(atMs: number): Message;
  /** What a consumer sends to see whether it may publish. */
  probe(): Message;
}

const UNIVERSE = 'sp500_plus_etfs';
const TROUBLES = [
  { component: 'data_feed', message: 'Market data feed interrupted', recovery: 'Market data feed restored' },
  { component: 'database', message: 'Database writes slower than 5 s', recovery: 'Database writes back to normal' },
  { component: 'pattern_engine', message: 'Pattern queue above 10,000', recovery: 'Pattern queue drained' },
];

export function createProducerMessages(random: Random, startMs: number): ProducerMessages {
  let session: { id: string; startedMs: number } | null = null;
  let turn = 0;
  let alertTurn = 0;

  return {
    sessionId: () => session?.id ?? '',

    newSession(atMs) {
      const messages = session ? [stopped(session, atMs)] : [];
      session = { id: uuidFrom(random), startedMs: atMs };
      const { id } = session;
      const body =
        turn++ % 2 === 0
          ? {
              session: {
                session_id: id,
                universe: UNIVERSE,
                started_at: isoUtc(atMs),
                symbol_count: SYMBOLS.length,
                status: 'active',
              },
            }
          : { data: { session_id: id, symbol_universe_key: UNIVERSE, start_time: isoUtc(atMs) } };
      messages.push(
        message('tickstock:streaming:session_started', 'streaming_session', {
          type: 'streaming_session_started',
          source: SOURCE,
          ...body,
        }),
      );
      return messages;
    },

    streamingHealth(atMs) {
      const health = {
        session_id: session?.id ?? null,
        status: 'healthy',
        active_symbols: SYMBOLS.length - random.below(8),
        ticks_per_second: 700 + random.below(300),
        patterns_detected: Math.floor((atMs - startMs) / 250),
        indicators_calculated: Math.floor((atMs - startMs) / 50),
        timestamp: isoUtc(atMs),
      };
      return message('tickstock:streaming:health', 'streaming_health', {
        type: 'streaming_health',
        source: SOURCE,
        health,
      });
    },

    systemHealth(atMs) {
      const busy = random.chance(0.05);
      return message('tickstock.health.status', 'system_health', {
        event_type: 'system_health',
        source: SOURCE,
        timestamp: epochSeconds(atMs),
        status: busy ? 'degraded' : 'healthy',
        metrics: {
          cpu_usage: 20 + random.below(busy ? 78 : 40),
          memory_usage: 40 + random.below(25),
          disk_usage: 51,
          active_jobs: random.below(4),
          queue_depth: random.below(busy ? 900 : 30),
          uptime_hours: Math.round((atMs - startMs) / 36_000) / 100,
        },
      });
    },

    criticalAlert(atMs) {
      const trouble = TROUBLES[Math.floor(alertTurn / 2) % TROUBLES.length]!;
      const recovered = alertTurn++ % 2 === 1;
      const alert = {
        severity: recovered ? 'info' : 'critical',
        message: recovered ? trouble.recovery : trouble.message,
        timestamp: isoUtc(atMs),
        component: trouble.component,
        action_required: !recovered,
        recovery: recovered,
      };
      return message('tickstock:alerts:critical', 'critical_alert', { type: 'critical_alert', source: SOURCE, alert });
    },

    probe: () => message('tickstock.events.patterns', 'probe', { test: 'permission_check' }),
  };
}

function stopped({ id, startedMs }: { id: string; startedMs: number }, atMs: number): Message {
  return message('tickstock:streaming:session_stopped', 'streaming_session', {
    type: 'streaming_session_stopped',
    source: SOURCE,
    session: {
      session_id: id,
      universe: UNIVERSE,
      started_at: isoUtc(startedMs),
      stopped_at: isoUtc(atMs),
      status: 'stopped',
    },
  });
}
