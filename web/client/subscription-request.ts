import type { Position } from '../../shared/client-protocol.ts';
import type { Filter } from '../../shared/filter.ts';

/** What a caller subscribes to. */
export interface SubscriptionRequest {
  /** 1-64 characters; one in use is replaced. */
  id: string;
  /** Which events; absent = every pattern of a tier, everything on `system`. */
  filter?: Filter;
  /** The newest so many stored events that match, first (0-200; default 0). */
  snapshot?: number;
  /** Everything that matches after this position, first; wins over `snapshot` while it can be honoured. */
  resume?: Position;
  /** Share the events with all sessions of the same user that name this group. Takes no `snapshot` or `resume`. */
  group?: string;
}

/** Events that a subscription missed and cannot get any more. */
export interface Loss {
  id: string;
  /** Up to here everything had come in. */
  since: Position;
}
