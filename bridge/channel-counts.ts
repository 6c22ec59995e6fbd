import type { Outcome } from './normalise/normalise.ts';

/** What was heard on one channel, or in one stream, since the bridge started. */
export interface ChannelCounts {
  messages: number;
  lastMessageAtMs: number | null;
  /** The wire shapes of its events, in the order in which they first came. */
  shapes: string[];
  events: number;
  rejects: number;
}

/** Counts per channel. The table of channels bounds their number, the readers in `normalise/` that of the shapes. */
export class PerChannel {
  readonly #counts = new Map<string, ChannelCounts>();

  /** Of a channel that nothing was heard on: zeros, as that is what was heard. */
  of(channel: string): ChannelCounts {
    const { shapes, ...counts } = this.#counts.get(channel) ?? nothing();
    return { ...counts, shapes: [...shapes] };
  }

  /** All on which something was heard. */
  heard(): Record<string, ChannelCounts> {
    return Object.fromEntries([...this.#counts.keys()].map(channel => [channel, this.of(channel)]));
  }

  noteMessage(channel: string, outcomes: readonly Outcome[], atMs: number): void {
    const counts = this.#countsOf(channel);
    counts.messages++;
    counts.lastMessageAtMs = atMs;
    for (const outcome of outcomes) {
      if ('reject' in outcome) counts.rejects++;
      if (!('event' in outcome)) continue;
      counts.events++;
      const { shape } = outcome.event;
      if (!counts.shapes.includes(shape)) counts.shapes.push(shape);
    }
  }

  /** An event of the channel was refused by the edge. */
  noteReject(channel: string): void {
    this.#countsOf(channel).rejects++;
  }

  #countsOf(channel: string): ChannelCounts {
    const known = this.#counts.get(channel);
    if (known) return known;
    const counts = nothing();
    this.#counts.set(channel, counts);
    return counts;
  }
}

function nothing(): ChannelCounts {
  return { messages: 0, lastMessageAtMs: null, shapes: [], events: 0, rejects: 0 };
}
