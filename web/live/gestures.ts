/** What people do with a grid. */
export interface Gestures {
  /** A mouse or pen moves over the rows; fingers do not hover. */
  pointerMoved(target: EventTarget | null): void;
  pointerLeft(): void;
  scrolled(): void;
  /** By keyboard or mouse: a tap leaves the focus behind, and nobody reads with it. */
  focused(isInside: boolean): void;
  selected(isInside: boolean): void;
  clicked(target: EventTarget | null, isTap: boolean): void;
  doubleClicked(target: EventTarget | null): void;
  /** @returns whether it is taken care of */
  menuWanted(target: EventTarget | null, at: { x: number; y: number }): boolean;
}

/** Listens to a grid as a whole; no row has listeners of its own. @returns a function that ends that */
export function listenTo(element: HTMLElement, gestures: Gestures): () => void {
  const closed = new AbortController();
  const { signal } = closed;
  const on = <Name extends keyof HTMLElementEventMap>(name: Name, listen: (event: HTMLElementEventMap[Name]) => void) =>
    element.addEventListener(name, listen, { signal, passive: name === 'scroll' });
  let isTouched = false;

  on('pointerdown', ({ pointerType }) => {
    isTouched = pointerType === 'touch';
  });
  on('pointermove', ({ pointerType, target }) => {
    if (pointerType !== 'touch') gestures.pointerMoved(target);
  });
  on('pointerleave', ({ pointerType }) => {
    if (pointerType !== 'touch') gestures.pointerLeft();
  });
  on('scroll', () => gestures.scrolled());
  on('focusin', () => {
    if (!isTouched) gestures.focused(true);
  });
  on('focusout', ({ relatedTarget }) => {
    // The window alone has lost it: it comes back to the same place.
    if (relatedTarget === null && document.activeElement !== null && element.contains(document.activeElement)) return;
    gestures.focused(relatedTarget instanceof Node && element.contains(relatedTarget));
  });
  on('keydown', () => {
    isTouched = false;
  });
  on('click', ({ target }) => gestures.clicked(target, isTouched));
  on('dblclick', ({ target }) => gestures.doubleClicked(target));
  on('contextmenu', event => {
    if (gestures.menuWanted(event.target, { x: event.clientX, y: event.clientY })) event.preventDefault();
  });

  let isSelected = false;
  const selectionChanged = () => {
    const selection = document.getSelection();
    const isInside = selection !== null && !selection.isCollapsed && element.contains(selection.anchorNode);
    if (isInside === isSelected) return;
    isSelected = isInside;
    gestures.selected(isInside);
  };
  document.addEventListener('selectionchange', selectionChanged, { signal });
  return () => closed.abort();
}
