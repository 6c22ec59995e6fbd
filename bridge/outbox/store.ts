import type { IngestGap } from '../../shared/ingest-protocol.ts';
import type { Topic } from '../../shared/topics.ts';
import type { Draft } from './draft.ts';
import type { PlacedEvent } from './queue.ts';
import type { KeptRefusals } from './refusals.ts';
import type { Subscription } from './subscription.ts';

/** What was received under one subscription: the events from `start` to that of the next segment. */
export interface Segment {
  /** The place of the first event. */
  start: number;
  /** The start of the bridge that received them. */
  bridgeId: string;
  /** null: under none that was confirmed. */
  subscription: Subscription | null;
}

/** Events of a lane that are on disk alone: those at the places `from` up to, but not at, `to`. */
export interface OnDisk {
  from: number;
  to: number;
  events: number;
  bytes: number;
  /** Bounds of when they were received. */
  oldestMs: number;
  newestMs: number;
}

/** What a lane keeps besides events that are in no batch. */
export interface KeptRest {
  segments: Segment[];
  gaps: IngestGap[];
  refusals: KeptRefusals | null;
}

/** What an earlier start left of a lane. */
export interface KeptLane {
  onDisk: OnDisk | null;
  drafts: Draft[];
  rest: KeptRest | null;
}

/** What has changed of a lane since it was last saved. */
export interface LaneChanges {
  topic: Topic;
  /** Events at places below this one are no longer needed. */
  below: number;
  added: PlacedEvent[];
  /** In the place of all there are; undefined: as they are. */
  drafts: Draft[] | undefined;
  /** null: the lane has nothing to keep. */
  rest: KeptRest | null;
}

/** Where lanes keep what waits. Never throws. */
export interface OutboxStore {
  /** Rises when all that was saved is lost. */
  readonly generation: number;
  /** Batches of an earlier start of a bridge are numbered from here on: above all that were ever posted for it. */
  readonly firstNumber: number;
  /** What an earlier start left. */
  load(topic: Topic): KeptLane;
  /** All of it or nothing. @returns whether it is on disk */
  save(changes: readonly LaneChanges[]): boolean;
  /** The oldest events at the places `from` up to `to`: some, at least one; null when they are lost. */
  read(topic: Topic, from: number, to: number): PlacedEvent[] | null;
}
