import type { Figures } from '../core/figures.ts';
import type { Beat } from '../hub/serving.ts';
import type { TapeRow } from '../hub/tape.ts';

/** What a node knows of its topic: what it was told last. */
export interface TopicState {
  epoch: string;
  /** Up to where it has been told everything. */
  head: number;
  /** The least seq on the tape. */
  oldest: number;
  lastEventAtMs: number | null;
}

/** What goes from each node of a topic's tree to those below it: a flush, a heartbeat, or that there was one. */
export interface Forwarded extends TopicState {
  /** The position that the rows follow: who is not there yet has missed some. */
  after: number;
  rows: TapeRow[];
  /** To be sent to sessions; null = there is none. */
  beat: Beat | null;
}

/** To a node that joins: from here on it is told everything. */
export interface Joined extends TopicState {
  /** The newest; null = no bridge hears Redis. */
  beat: Beat | null;
  /** Of the topic `system`, the newest event of each kind. */
  newest: TapeRow[];
  /** For how long nobody is to be let in; 0 = everybody is. */
  drainsForMs: number;
}

/** What a node says of itself and those below it when it is told something. */
export interface ForwardAnswer {
  /** Of all these nodes. */
  sessions: number;
  /** Of that one of them which has the most. */
  most: number;
  /**
   * With what they had done when there was no session left: then they are told nothing more until one of them joins again.
   * `joining` names the last time it did.
   */
  left: { joining: string; figures: Figures } | null;
}
