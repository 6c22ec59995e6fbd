/** What `@tickstock/edge-client` offers. */
export type { ErrorCode } from '../../shared/codes.ts';
export type { EventKind, MarketSession, OutcomeEvent } from '../../shared/events.ts';
export type { Priority } from '../../shared/priority.ts';
export type { Tier } from '../../shared/topics.ts';
export { BadFilterError } from './check-filter.ts';
export type * from './client.ts';
export { connect, type EdgeClient, type SubscribeOptions, type Subscription } from './edge-client.ts';
export type { EventOf } from './event-of.ts';
export { type Exclusions, type FilterBuilder, filter } from './filter-builder.ts';
export * as presets from './presets.ts';
export { type Delivery, type Handlers, SubscriptionError } from './topic-subscriptions.ts';
