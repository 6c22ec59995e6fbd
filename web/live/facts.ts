import type { TopicState } from '../client/client.ts';
import type { ColumnState } from './column-state.ts';

/** How a column shows its events: each as a row, firings of the same thing in one row, or the strongest first. */
export type View = 'stream' | 'grouped' | 'top';

export type HoldReason = 'scroll' | 'pointer' | 'focus' | 'selection' | 'menu' | 'toggle';

/** What a column knows of itself, for everything that is drawn around its rows. Never changed once made. */
export interface ColumnFacts {
  readonly topic: TopicState;
  readonly epoch: string | null;
  readonly state: ColumnState;
  readonly hold: 'following' | 'held' | 'paused';
  /** What holds it, the most deliberate first; null unless held. */
  readonly holdReason: HoldReason | null;
  /** Events that came in since it is held or paused and would be shown; `strong` from a confidence of .9 on. */
  readonly newWhileHeld: { readonly count: number; readonly strong: number };
  readonly view: View;
  /** Whether the column went over to `grouped` by itself. */
  readonly autoGrouped: boolean;
  /** Rows that show a pattern. */
  readonly shown: number;
  /** Events kept. */
  readonly held: number;
  /** Events kept and not shown: by the local filter, because they are muted. */
  readonly hidden: { readonly local: number; readonly muted: number };
  /** Events that came in while the column was not visible. */
  readonly unseen: number;
  /** New events over the last minute, and per second over the last five. */
  readonly perMinute: number;
  readonly perSecond: number;
  /** Over the events that are shown, 0..1; null when there are none. */
  readonly medianConfidence: number | null;
  /** When the newest event came in, live or not: epoch milliseconds, local clock. */
  readonly lastEventAtMs: number | null;
  /** When a bridge was alive last, as far as this page was told: epoch milliseconds, local clock. */
  readonly heartbeatAtMs: number | null;
  /** Bridges that were alive then; null before the first heartbeat. */
  readonly bridges: number | null;
  /** Rows related to what is selected, and how many of them are above what can be seen; null when nothing is. */
  readonly related: { readonly count: number; readonly above: number } | null;
  /** How many missed events have come in so far; null when no backfill is under way. */
  readonly backfill: { readonly received: number } | null;
  /** What was withheld in the last ten seconds and more, as long as it goes on; null when nothing was. */
  readonly withheldLately: {
    readonly rateLimited: number;
    readonly skipped: number;
    readonly sinceMs: number;
  } | null;
  /** The newest refusal of a subscription that still stands. */
  readonly refusal: { readonly id: string | null; readonly code: string; readonly message: string } | null;
  /** Whether any event kept comes from a simulator. */
  readonly isSimulated: boolean;
  readonly loadingOlder: boolean;
  /** Whether the oldest stored event is among those kept. */
  readonly tapeEnd: boolean;
}

/** Of a column that has not begun: nothing is known of it. */
export function unknownFacts(): ColumnFacts {
  return {
    topic: { name: 'connecting', attempt: 0 },
    epoch: null,
    state: { name: 'connecting', attempt: 0 },
    hold: 'following',
    holdReason: null,
    newWhileHeld: { count: 0, strong: 0 },
    view: 'grouped',
    autoGrouped: false,
    shown: 0,
    held: 0,
    hidden: { local: 0, muted: 0 },
    unseen: 0,
    perMinute: 0,
    perSecond: 0,
    medianConfidence: null,
    lastEventAtMs: null,
    heartbeatAtMs: null,
    bridges: null,
    related: null,
    backfill: null,
    withheldLately: null,
    refusal: null,
    isSimulated: false,
    loadingOlder: false,
    tapeEnd: false,
  };
}
