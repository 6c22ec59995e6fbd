import type { Column } from './column.ts';
import { element, setText } from './dom.ts';
import type { Paintable } from './painter.ts';

/** On a narrow screen one column is shown at a time; these buttons say which, and how much is new in the others. */
export class ColumnSwitch implements Paintable {
  readonly #buttons: { column: Column; title: string; button: HTMLElement }[];

  constructor(nav: HTMLElement, columns: { column: Column; title: string }[]) {
    this.#buttons = columns.map(entry => ({ ...entry, button: element('button', 'choice', entry.title) }));
    for (const { column, button } of this.#buttons) {
      button.setAttribute('type', 'button');
      button.addEventListener('click', () => this.#show(column));
      nav.append(button);
    }
    this.paint();
  }

  paint(): void {
    for (const { column, title, button } of this.#buttons) {
      const isShown = document.body.dataset.shown === column.element.dataset.column;
      if (isShown) column.unseen = 0;
      button.setAttribute('aria-pressed', String(isShown));
      setText(button, column.unseen > 0 ? `${title} ${column.unseen > 999 ? '999+' : column.unseen}` : title);
    }
  }

  #show(column: Column): void {
    document.body.dataset.shown = column.element.dataset.column;
    this.paint();
  }
}
