/** What a column's header says, with what its words need. Times are epoch milliseconds, local clock. */
export type ColumnState =
  /** First open: nothing has come in yet. */
  | { readonly name: 'connecting'; readonly attempt: number }
  /**
   * Nothing to show although there are events: `local` of those kept are hidden by the local filter and `muted` because
   * they are muted; with both 0 the server's filter lets none through, or (`subscriptions` 0) nothing is subscribed to.
   */
  | { readonly name: 'empty'; readonly local: number; readonly muted: number; readonly subscriptions: number }
  /** Nothing has come in for a while; `heartbeatAtMs` says whether the pipeline lives. */
  | { readonly name: 'quiet'; readonly lastEventAtMs: number | null; readonly heartbeatAtMs: number | null }
  /** The exchange is closed; `opensAtMs` null when the calendar does not reach so far. */
  | { readonly name: 'closed_market'; readonly opensAtMs: number | null; readonly holiday: string | null }
  | { readonly name: 'live' }
  /** Connected, and no bridge was heard of for too long; null = never. */
  | { readonly name: 'stale'; readonly heartbeatAtMs: number | null }
  /** Lost; `retryAtMs` null while an attempt is under way. */
  | {
      readonly name: 'reconnecting';
      readonly attempt: number;
      readonly retryAtMs: number | null;
      readonly reason: string;
    }
  /** Connected again; what was missed is coming in. */
  | { readonly name: 'backfilling'; readonly received: number }
  /** Ended: what happened and what can be done, in plain words, with the code for who asks for help. */
  | {
      readonly name: 'error';
      readonly code: number | string | null;
      readonly cause: string;
      readonly action: string;
      /** Whether trying again can help. */
      readonly canRetry: boolean;
    }
  /** The device has no network; what is here stays readable. */
  | { readonly name: 'offline'; readonly sinceMs: number | null };

export type ColumnStateName = ColumnState['name'];
