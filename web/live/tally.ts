import { thousandths } from '../../shared/filter.ts';
import { isSimulator } from './marks.ts';
import type { EventLine, HiddenBy } from './store.ts';

/** What is to be said of all events kept, counted as they come, go, and are hidden, so that nobody has to look at them. */
export class Tally {
  readonly #hidden: Record<HiddenBy, number> = { '': 0, local: 0, muted: 0, unrelated: 0 };
  readonly #shownByConfidence = new Uint32Array(1_001);
  #simulated = 0;

  add(line: EventLine): void {
    this.#count(line, 1);
  }

  /** Called before a line is hidden for another reason, too. */
  remove(line: EventLine): void {
    this.#count(line, -1);
  }

  /** Events by why they are not shown; those under the empty reason are. */
  get hidden(): Readonly<Record<HiddenBy, number>> {
    return this.#hidden;
  }

  /** Of the events shown, 0..1, the lower of the two in the middle of an even number; null when there are none. */
  get medianConfidence(): number | null {
    const shown = this.#hidden[''];
    let below = 0;
    for (let thousandth = 0; thousandth < this.#shownByConfidence.length; thousandth++) {
      below += this.#shownByConfidence[thousandth]!;
      if (below > 0 && below * 2 >= shown) return thousandth / 1_000;
    }
    return null;
  }

  get isSimulated(): boolean {
    return this.#simulated > 0;
  }

  #count({ hiddenBy, entry: { event } }: EventLine, by: 1 | -1): void {
    this.#hidden[hiddenBy] += by;
    if (isSimulator(event.source)) this.#simulated += by;
    if (hiddenBy === '') this.#shownByConfidence[Math.min(1_000, Math.max(0, thousandths(event.confidence)))]! += by;
  }
}
