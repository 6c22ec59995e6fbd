import type { Event, OutcomeEvent, PatternEvent } from '../../shared/events.ts';
import type { Tier, Topic } from '../../shared/topics.ts';

/** The events that a topic carries: patterns of a tier and their outcomes, or what is about the producer itself. */
export type EventOf<T extends Topic> = T extends Tier
  ? Extract<PatternEvent, { tier: T }> | OutcomeEvent
  : Exclude<Event, PatternEvent | OutcomeEvent>;
