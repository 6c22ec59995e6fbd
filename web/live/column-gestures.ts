import type { PatternEntry } from './entry.ts';
import type { Gestures } from './gestures.ts';
import type { Grid } from './grid.ts';
import type { Holding } from './holding.ts';
import { Toolbar, type ToolbarAction } from './toolbar.ts';

export interface GestureParts {
  grid: Grid;
  holding: Holding;
  isStarred(entry: PatternEntry): boolean;
  /** What a pointer that rests on a row is told. */
  titleOf(entry: PatternEntry): string;
  /** Another part of the rows is in view. */
  onScrolled(): void;
  onCursor(entry: PatternEntry): void;
  onActivate(entry: PatternEntry): void;
  onAction(action: ToolbarAction, entry: PatternEntry): void;
  /** @returns whether there is a menu */
  onMenu(entry: PatternEntry, at: { x: number; y: number }): boolean;
}

/** What pointers, focus and selection mean to a column: what holds it, and which row is meant. */
export function columnGestures(parts: GestureParts): Gestures {
  const { grid, holding } = parts;
  const toolbar = new Toolbar();
  const entryAt = (target: EventTarget | null) => {
    const entry = grid.viewOf(target)?.entry;
    return entry?.type === 'pattern' ? entry : null;
  };

  function hovered(target: EventTarget | null): void {
    const entry = entryAt(target);
    if (!entry) {
      toolbar.hide();
      return;
    }
    const view = grid.viewOf(target)!;
    toolbar.show(view.element, entry, parts.isStarred(entry));
    view.setTitle(parts.titleOf(entry));
  }

  return {
    pointerMoved(target) {
      hovered(target);
      holding.tell((hold, nowMs) => hold.pointerMoved(nowMs));
    },
    pointerLeft() {
      toolbar.hide();
      holding.tell((hold, nowMs) => hold.pointerLeft(nowMs));
    },
    scrolled() {
      toolbar.hide();
      grid.measure();
      holding.tell((hold, nowMs) => hold.scrolled(grid.isAway, nowMs));
      parts.onScrolled();
    },
    focused: isInside => holding.tell((hold, nowMs) => hold.focused(isInside, nowMs)),
    selected: isInside => holding.tell((hold, nowMs) => hold.selected(isInside, nowMs)),
    clicked(target, isTap) {
      const entry = entryAt(target);
      if (!entry) return;
      if (toolbar.has(target)) {
        const action = toolbar.actionOf(target, entry);
        if (action) parts.onAction(action, entry);
        // What it says may be true no more.
        hovered(target);
        return;
      }
      parts.onCursor(entry);
      if (isTap) parts.onActivate(entry);
    },
    doubleClicked(target) {
      const entry = entryAt(target);
      if (entry && !toolbar.has(target)) parts.onActivate(entry);
    },
    menuWanted(target, at) {
      const entry = entryAt(target);
      if (entry) parts.onCursor(entry);
      return entry !== null && parts.onMenu(entry, at);
    },
  };
}
