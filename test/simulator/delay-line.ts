/** What is put in comes out the same time later, in order. */
export interface DelayLine<T> {
  put(item: T, atMs: number): void;
  /** When the oldest comes out; Infinity when there is none. */
  dueMs(): number;
  take(): T;
}

/** At most `capacity` items wait; what comes in beyond is left out. */
export function createDelayLine<T>(delayMs: number, capacity: number): DelayLine<T> {
  let items: { item: T; dueMs: number }[] = [];
  let head = 0;
  return {
    put(item, atMs) {
      if (items.length - head < capacity) items.push({ item, dueMs: atMs + delayMs });
    },
    dueMs: () => items[head]?.dueMs ?? Number.POSITIVE_INFINITY,
    take() {
      const { item } = items[head]!;
      head++;
      if (head > capacity) {
        items = items.slice(head);
        head = 0;
      }
      return item;
    },
  };
}
