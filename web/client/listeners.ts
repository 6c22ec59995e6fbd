/** Functions that want to be told, by name of what happens. One that throws disturbs neither the others nor the caller. */
export class Listeners<Told extends object> {
  readonly #byName = new Map<keyof Told, Set<(told: never) => void>>();
  readonly #onThrow: (name: keyof Told, thrown: unknown) => void;

  /** @param onThrow is told of a listener that threw */
  constructor(onThrow: (name: keyof Told, thrown: unknown) => void) {
    this.#onThrow = onThrow;
  }

  /** @returns a function that takes the listener away again */
  on<Name extends keyof Told>(name: Name, listener: (told: Told[Name]) => void): () => void {
    const listeners = this.#byName.get(name) ?? new Set();
    this.#byName.set(name, listeners);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }

  tell<Name extends keyof Told>(name: Name, told: Told[Name]): void {
    for (const listener of [...(this.#byName.get(name) ?? [])]) {
      try {
        (listener as (told: Told[Name]) => void)(told);
      } catch (thrown) {
        this.#onThrow(name, thrown);
      }
    }
  }

  /** Takes all listeners away. */
  clear(): void {
    this.#byName.clear();
  }
}
