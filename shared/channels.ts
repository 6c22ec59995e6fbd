import type { IngestKind } from './events.ts';
import type { Tier } from './topics.ts';

/** Kinds that are recognised and counted, and that no topic carries yet. */
export const UNROUTED_KINDS = [
  'indicator',
  'indicator_alert',
  'market_state',
  'market_tick',
  'market_price',
  'market_bar',
  'market_volume',
  'market_summary',
  'operations',
] as const;
export type UnroutedKind = (typeof UNROUTED_KINDS)[number];

/** What a channel carries when its messages do not say so themselves. */
export interface Channel {
  kind: IngestKind | UnroutedKind;
  /** Of patterns that name neither tier nor timeframe. */
  tier?: Tier;
  /** Of streaming sessions that do not say whether they started or stopped. */
  state?: 'started' | 'stopped';
}

/** Every Redis channel the bridge subscribes to, by name. */
export type ChannelTable = Readonly<Record<string, Channel>>;

/** The channels TickStockPL publishes on. */
export const CHANNELS: ChannelTable = {
  'tickstock.events.patterns': { kind: 'pattern', tier: 'daily' },
  'tickstock.events.patterns.daily': { kind: 'pattern', tier: 'daily' },
  'tickstock.events.patterns.intraday': { kind: 'pattern', tier: 'intraday' },
  'tickstock.events.patterns.combo': { kind: 'pattern', tier: 'combo' },
  'tickstock.events.patterns.detection': { kind: 'pattern', tier: 'daily' },
  'tickstock.events.patterns.batch': { kind: 'pattern', tier: 'daily' },
  'tickstock:patterns:streaming': { kind: 'pattern', tier: 'intraday' },
  'tickstock:patterns:detected': { kind: 'pattern', tier: 'intraday' },

  'tickstock.events.patterns.outcomes': { kind: 'outcome' },

  'tickstock:streaming:session_started': { kind: 'streaming_session', state: 'started' },
  'tickstock:streaming:session_stopped': { kind: 'streaming_session', state: 'stopped' },
  'tickstock:streaming:health': { kind: 'streaming_health' },
  'tickstock.health.status': { kind: 'system_health' },
  'tickstock:alerts:critical': { kind: 'critical_alert' },

  'tickstock.events.backtesting.progress': { kind: 'backtest_progress' },
  'tickstock.events.backtesting.results': { kind: 'backtest_result' },

  'tickstock:indicators:streaming': { kind: 'indicator' },
  'tickstock.events.indicators': { kind: 'indicator' },
  'tickstock:alerts:indicators': { kind: 'indicator_alert' },
  'tickstock.events.market_state': { kind: 'market_state' },
  'tickstock.events.rankings': { kind: 'market_state' },
  'tickstock.events.sector_rotation': { kind: 'market_state' },
  'tickstock.market.prices': { kind: 'market_price' },
  'tickstock.market.ohlcv': { kind: 'market_bar' },
  'tickstock.market.volume': { kind: 'market_volume' },
  'tickstock.market.summary': { kind: 'market_summary' },
  'tickstock.all_ticks': { kind: 'market_tick' },
  'tickstock:market:ticks': { kind: 'market_tick' },
  'tickstock:processing:status': { kind: 'operations' },
  'tickstock:monitoring': { kind: 'operations' },
  'tickstock:errors': { kind: 'operations' },
};
