/** Remembers the last so many different values: a ring for their age, a set to find them. */
export class Recent<T> {
  readonly #ring: T[] = [];
  readonly #known = new Set<T>();
  readonly #capacity: number;
  #oldest = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** @returns whether the value was new; it then takes the place of the oldest when the ring is full */
  add(value: T): boolean {
    if (this.#known.has(value)) return false;
    this.#known.add(value);
    if (this.#ring.length < this.#capacity) {
      this.#ring.push(value);
      return true;
    }
    this.#known.delete(this.#ring[this.#oldest]!);
    this.#ring[this.#oldest] = value;
    this.#oldest = (this.#oldest + 1) % this.#capacity;
    return true;
  }

  clear(): void {
    this.#ring.length = 0;
    this.#known.clear();
    this.#oldest = 0;
  }
}
