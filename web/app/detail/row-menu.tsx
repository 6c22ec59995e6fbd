import { useLayoutEffect, useRef } from 'preact/hooks';
import { columns } from '../columns.ts';
import { selected } from '../page-state.ts';
import { menu, openDetail } from './open.ts';
import { type RowAction, rowActions } from './row-actions.ts';

/** What can be done with a row, where it was asked for: a native popover, in which arrows choose. */
export function RowMenu() {
  const opened = menu.value;
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (!opened) return;
    const popover = ref.current!;
    const { tier, at } = opened;
    columns[tier].setMenu(true);
    popover.showPopover();
    const { width, height } = popover.getBoundingClientRect();
    popover.style.left = `${Math.max(4, Math.min(at.x, innerWidth - width - 4))}px`;
    popover.style.top = `${Math.max(4, Math.min(at.y, innerHeight - height - 4))}px`;
    popover.querySelector('button')!.focus();
    return () => columns[tier].setMenu(false);
  }, [opened]);
  if (!opened) return null;
  const { tier, entry } = opened;
  const details: Omit<RowAction, 'id'> & { id: string } = {
    id: 'detail',
    label: 'Details',
    act: () => {
      selected.value = { tier, entry };
      openDetail();
    },
  };
  return (
    <div
      ref={ref}
      popover="auto"
      class="row-menu"
      role="menu"
      aria-label={`${entry.event.symbol}: actions`}
      onToggle={toggled => {
        if ((toggled as unknown as ToggleEvent).newState === 'closed' && menu.peek() === opened) menu.value = null;
      }}
      onKeyDown={step}
    >
      {[details, ...rowActions(tier, entry)].map(({ id, label, act }) => (
        <button
          key={id}
          type="button"
          role="menuitem"
          data-action={id}
          onClick={() => {
            ref.current!.hidePopover();
            act();
          }}
        >
          {label}
        </button>
      ))}
    </div>
  );
}

function step(event: KeyboardEvent): void {
  const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!way) return;
  event.preventDefault();
  const items = [...(event.currentTarget as HTMLElement).querySelectorAll('button')];
  const at = items.indexOf(document.activeElement as HTMLButtonElement);
  items[(at + way + items.length) % items.length]!.focus();
}
