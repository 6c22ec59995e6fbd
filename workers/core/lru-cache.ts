/** Keeps the entries used most recently, each for a limited time from when it was put in. Time is an argument. */
export class LruCache<V> {
  readonly #entries = new Map<string, { value: V; untilMs: number }>();
  readonly #maxEntries: number;
  readonly #ttlMs: number;

  constructor(limits: { maxEntries: number; ttlMs: number }) {
    this.#maxEntries = limits.maxEntries;
    this.#ttlMs = limits.ttlMs;
  }

  get(key: string, nowMs: number): V | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    this.#entries.delete(key);
    if (entry.untilMs <= nowMs) return undefined;
    this.#entries.set(key, entry);
    return entry.value;
  }

  set(key: string, value: V, nowMs: number): void {
    this.#entries.delete(key);
    this.#entries.set(key, { value, untilMs: nowMs + this.#ttlMs });
    if (this.#entries.size > this.#maxEntries) this.#entries.delete(this.#entries.keys().next().value!);
  }

  clear(): void {
    this.#entries.clear();
  }

  get size(): number {
    return this.#entries.size;
  }
}
