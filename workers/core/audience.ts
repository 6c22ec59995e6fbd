import type { Matchable } from '../../shared/matches.ts';
import { stableHash } from '../../shared/partition.ts';
import type { SubscriptionIndex } from './subscription-index.ts';

/** What of an event decides who gets it. */
export interface Addressed {
  seq: number;
  view: Matchable;
  broadcast: boolean;
  shared: boolean;
}

/** The numbers of the sessions that get live events. */
export interface LiveSessions {
  has(session: number): boolean;
  [Symbol.iterator](): Iterator<number>;
}

/** Who holds a slot: a session's number, and the group it shares its events with (a scoped name), if any. */
export interface SlotOwner {
  session: number;
  group: string | null;
}

/**
 * The live sessions that get an event, each once: by the index, or all of them.
 *
 * Of a group's sessions that match, live or not, one gets the event: the one with the highest hash of seq and session
 * (https://en.wikipedia.org/wiki/Rendezvous_hashing). Shares are even, and the same whenever they are worked out: one
 * that is not live finds its events when it reads on from the tape.
 */
export class Audience {
  /** After `find`, the first `count` entries are the sessions' numbers. */
  sessions = new Uint32Array(64);
  /** The round each session was last found in; counts events, and so is to outgrow 32 bits. */
  #foundIn = new Float64Array(64);
  #round = 0;
  #count = 0;
  readonly #index: SubscriptionIndex;
  readonly #ownerOf: (slot: number) => SlotOwner;

  constructor(index: SubscriptionIndex, ownerOf: (slot: number) => SlotOwner) {
    this.#index = index;
    this.#ownerOf = ownerOf;
  }

  find(event: Addressed, live: LiveSessions): number {
    this.#count = 0;
    this.#round++;
    if (event.broadcast) {
      for (const session of live) this.#include(session);
      return this.#count;
    }
    const matched = this.#index.match(event.view);
    let chosenOf: Map<string, { session: number; score: number }> | null = null;
    for (let i = 0; i < matched; i++) {
      const { session, group } = this.#ownerOf(this.#index.matched[i]!);
      if (group === null || !event.shared) {
        if (live.has(session)) this.#include(session);
        continue;
      }
      chosenOf ??= new Map();
      const score = stableHash(`${event.seq}/${session}`);
      const chosen = chosenOf.get(group);
      if (!chosen || score > chosen.score) chosenOf.set(group, { session, score });
    }
    for (const { session } of chosenOf?.values() ?? []) if (live.has(session)) this.#include(session);
    return this.#count;
  }

  #include(session: number): void {
    if (session >= this.#foundIn.length) {
      const capacity = 2 ** Math.ceil(Math.log2(session + 1));
      const [foundIn, sessions] = [new Float64Array(capacity), new Uint32Array(capacity)];
      foundIn.set(this.#foundIn);
      sessions.set(this.sessions);
      this.#foundIn = foundIn;
      this.sessions = sessions;
    }
    if (this.#foundIn[session] === this.#round) return;
    this.#foundIn[session] = this.#round;
    this.sessions[this.#count++] = session;
  }
}
