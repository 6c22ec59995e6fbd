/** A queue whose oldest item is taken in constant time, whatever its length. */
export class Fifo<T> {
  /** Those before the head were taken, and are let go of at once: they may be large. */
  #items: (T | undefined)[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  peek(): T | undefined {
    return this.#items[this.#head];
  }

  shift(): T | undefined {
    if (this.length === 0) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head++] = undefined;
    // Copying no more often than half the items have gone keeps the cost of each constant.
    if (this.#head > 1_000 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  /** How many of the oldest items are `before`, which holds for no item after one for which it does not. */
  count(before: (item: T) => boolean): number {
    let [low, high] = [this.#head, this.#items.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (before(this.#items[middle]!)) low = middle + 1;
      else high = middle;
    }
    return low - this.#head;
  }

  /** All but so many of the oldest items, which stay where they are. */
  after(count: number): T[] {
    return this.#items.slice(this.#head + count) as T[];
  }
}
