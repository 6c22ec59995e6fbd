import type { PatternEntry } from './entry.ts';
import { iconElement, MUTE_PATH, STAR_PATH } from './icons.ts';
import { patternName } from './pattern-names.ts';

export type ToolbarAction = 'star' | 'mute';

/** The buttons for the row under the pointer: one set for all rows of a grid. The keyboard has keys for the same. */
export class Toolbar {
  readonly #element = document.createElement('span');
  readonly #buttons: Record<ToolbarAction, HTMLButtonElement>;
  /** Of the row that the buttons are about. */
  #key: string | null = null;

  constructor() {
    this.#element.className = 'live-tools';
    this.#element.setAttribute('role', 'gridcell');
    this.#buttons = { star: button('star', STAR_PATH), mute: button('mute', MUTE_PATH) };
    this.#element.append(this.#buttons.star, this.#buttons.mute);
  }

  /** Shows it in a row. */
  show(row: HTMLElement, { key, event }: PatternEntry, isStarred: boolean): void {
    this.#key = key;
    label(
      this.#buttons.star,
      `${isStarred ? 'Take the star from' : 'Star'} ${event.symbol} ${patternName(event.pattern_type)}`,
    );
    label(this.#buttons.mute, `Mute ${event.symbol}`);
    this.#buttons.star.setAttribute('aria-pressed', String(isStarred));
    if (this.#element.parentElement !== row) row.append(this.#element);
  }

  hide(): void {
    this.#key = null;
    this.#element.remove();
  }

  /** Whether that element is one of the buttons, or beside them. */
  has(target: EventTarget | null): boolean {
    return target instanceof Node && this.#element.contains(target);
  }

  /** What a click on that element asks for; null when it is no button, or its row has come to show something else. */
  actionOf(target: EventTarget | null, { key }: PatternEntry): ToolbarAction | null {
    if (key !== this.#key) return null;
    const found = target instanceof Element ? target.closest<HTMLElement>('[data-action]') : null;
    return found && this.has(found) ? (found.dataset.action as ToolbarAction) : null;
  }
}

function button(action: ToolbarAction, path: string): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.tabIndex = -1;
  made.dataset.action = action;
  made.append(iconElement(path));
  return made;
}

function label(target: HTMLElement, words: string): void {
  target.title = words;
  target.setAttribute('aria-label', words);
}
