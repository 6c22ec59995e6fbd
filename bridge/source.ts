import type { RawMessage } from './normalise/normalise.ts';

/** What a source tells the bridge; all of it in the order in which it happens. */
export interface SourceHandler {
  /** Everything published from now on comes as a message, until `onClose`. */
  onOpen(atMs: number): void;
  /** Everything published up to then has come as a message. Of a message itself nobody knows how long it was on its way. */
  onAlive(atMs: number): void;
  /** Messages may have been missed from the last sign of life on. */
  onClose(reason: string): void;
  onMessage(message: RawMessage): void;
}

export interface SourceStatus {
  connected: boolean;
  /** Round trip of the last check; null before the first. */
  latencyMs: number | null;
  channelsSubscribed: number;
  channelsWanted: number;
  /** Why it calls itself degraded; empty when it does not. */
  reasons: string[];
}

/** How a channel is listened to. */
export interface ChannelListening {
  /** Whether it is subscribed to at present. */
  subscribed: boolean;
  /** How many subscribers Redis counted last, ourselves among them; null while that is not known. */
  subscribers: number | null;
}

/** Where raw messages come from: Redis, or a feed inside the process. */
export interface Source {
  /** Begins, and goes on for ever: what fails is tried again and told in `status`. */
  start(handler: SourceHandler): void;
  /** Ends it; the handler hears nothing more. */
  stop(): Promise<void>;
  status(): SourceStatus;
  listeningTo(channel: string): ChannelListening;
}
