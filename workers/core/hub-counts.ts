import type { HubCounts } from '../../shared/api/operations.ts';

/** What a hub that has done nothing has counted. */
export function noCounts(): HubCounts {
  return {
    appended: 0,
    duplicates: 0,
    unmatched_outcomes: 0,
    unmatched_backtests: 0,
    gaps: 0,
    probes: 0,
    batches: 0,
    replayed_batches: 0,
    flushes: 0,
    frames: 0,
    sent_bytes: 0,
    deliveries: 0,
    backfilled: 0,
    rate_limited: 0,
    skipped: 0,
    enrichment_errors: 0,
    send_errors: 0,
    connections: 0,
    closed: {},
    client_errors: {},
    denied: {},
  };
}
