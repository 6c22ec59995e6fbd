import { UNROUTED_KINDS } from '../../shared/channels.ts';
import type { IngestCounts, Reject } from '../../shared/ingest-protocol.ts';
import { MAX_BATCH_REJECTS } from '../../shared/limits.ts';

/** Entries of one list of counts in a batch. */
const MAX_COUNT_ENTRIES = 500;
/** So many words that producers invent for kinds are told apart over the life of a bridge; the rest counts as one. */
const MAX_INVENTED = 1_000;
/** Samples are escaped in JSON, so their number alone does not bound what they take. */
const MAX_REJECTS_CHARS = 128 * 1024;

/** What waits to be told, as it is kept on disk. */
export interface KeptRefusals {
  rejects: Reject[];
  counts: IngestCounts;
}

/** What waits to be told besides events: rejects with their samples, and counts of what is not carried. */
export class Refusals {
  #rejects: Reject[] = [];
  #rejectChars = 0;
  readonly #rejected = new Map<string, IngestCounts['rejected'][number]>();
  readonly #notRouted = new Map<string, IngestCounts['not_routed'][number]>();
  /** Kept for good: whoever counts what is told here has no end of words to remember either. */
  readonly #invented = new Set<string>();
  #probes = 0;

  /** Whether there is something to tell at once; counts wait for the next batch, or heartbeat. */
  get isUrgent(): boolean {
    return this.#rejects.length > 0;
  }

  /** Carried with its sample while the next batch has room, else counted. */
  addReject(reject: Reject): void {
    const chars = JSON.stringify(reject).length;
    if (this.#rejects.length >= MAX_BATCH_REJECTS || this.#rejectChars + chars > MAX_REJECTS_CHARS) {
      this.#countReject(reject);
      return;
    }
    this.#rejects.push(reject);
    this.#rejectChars += chars;
  }

  addNotRouted(channel: string, kind: string): void {
    const told = this.#isToldApart(channel, kind) ? kind : 'other';
    bump(this.#notRouted, `${channel}\n${told}`, { channel, kind: told, count: 1 });
  }

  addProbe(): void {
    this.#probes++;
  }

  /** Takes what one batch may carry; the rest stays for the next. */
  take(): { rejects: Reject[]; counts: IngestCounts | undefined } {
    const rejects = this.#rejects;
    const counts = { rejected: takeFrom(this.#rejected), not_routed: takeFrom(this.#notRouted), probes: this.#probes };
    this.#rejects = [];
    this.#rejectChars = 0;
    this.#probes = 0;
    const isEmpty = counts.rejected.length + counts.not_routed.length + counts.probes === 0;
    return { rejects, counts: isEmpty ? undefined : counts };
  }

  /** What waits, or null when nothing does. */
  kept(): KeptRefusals | null {
    const counts = { rejected: [...this.#rejected.values()], not_routed: [...this.#notRouted.values()] };
    const isEmpty = this.#rejects.length + counts.rejected.length + counts.not_routed.length + this.#probes === 0;
    return isEmpty ? null : { rejects: this.#rejects, counts: { ...counts, probes: this.#probes } };
  }

  /** What an earlier start of the bridge kept. */
  restore({ rejects, counts }: KeptRefusals): void {
    for (const reject of rejects) this.addReject(reject);
    this.putBack([], counts);
  }

  /** What a batch carried and nobody took: rejects are counted from now on, counts wait for the next batch. */
  putBack(rejects: readonly Reject[], counts: IngestCounts | undefined): void {
    for (const reject of rejects) this.#countReject(reject);
    for (const entry of counts?.rejected ?? []) bump(this.#rejected, `${entry.channel}\n${entry.reason}`, entry);
    for (const entry of counts?.not_routed ?? []) bump(this.#notRouted, `${entry.channel}\n${entry.kind}`, entry);
    this.#probes += counts?.probes ?? 0;
  }

  #countReject({ channel, reason }: Reject): void {
    bump(this.#rejected, `${channel}\n${reason}`, { channel, reason, count: 1 });
  }

  #isToldApart(channel: string, kind: string): boolean {
    if ((UNROUTED_KINDS as readonly string[]).includes(kind)) return true;
    const key = `${channel}\n${kind}`;
    if (this.#invented.size < MAX_INVENTED) this.#invented.add(key);
    return this.#invented.has(key);
  }
}

function bump<T extends { count: number }>(counts: Map<string, T>, key: string, entry: T): void {
  const found = counts.get(key);
  if (found) found.count += entry.count;
  else counts.set(key, entry);
}

function takeFrom<T>(counts: Map<string, T>): T[] {
  const keys = [...counts.keys()].slice(0, MAX_COUNT_ENTRIES);
  return keys.map(key => {
    const entry = counts.get(key)!;
    counts.delete(key);
    return entry;
  });
}
