import { batch, computed, effect, type ReadonlySignal } from '@preact/signals';
import { closeOverlay } from '../overlay.tsx';
import { LIVE, PAGES, type Page } from './pages.ts';
import { moved, path } from './place.ts';

const NAME = 'TickStock Edge';

/** What was in the address of pages that were left by a link, for when a link leads back. */
const left = new Map<string, { search: string; state: unknown }>();

/** The page that is shown; null = there is none at this address. */
export const page: ReadonlySignal<Page | null> = computed(() => pageAt(path.value));

/** Goes to a page without loading anything but its code, if that is not there yet. */
export function goTo(to: string): void {
  if (to === path.peek()) return;
  left.set(path.peek(), { search: location.search, state: history.state });
  const { search = '', state = null } = left.get(to) ?? {};
  history.pushState(state, '', to + search);
  arrive();
}

/** Lets links to pages, the browser's history and the window's title follow. Called once. */
export function followPages(): void {
  addEventListener('popstate', arrive);
  document.addEventListener('click', event => {
    const link = (event.target as Element).closest('a');
    if (!link || !isPlain(event) || !pageAt(link.pathname)) return;
    if (link.origin !== location.origin || link.target || link.search || link.hash) return;
    event.preventDefault();
    goTo(link.pathname);
  });
  effect(() => {
    document.title = page.value === LIVE ? NAME : `${page.value?.title ?? 'No such page'} – ${NAME}`;
  });
}

function arrive(): void {
  // Steps within a page come here too: links to a place in it, and filters of before.
  if (location.pathname === path.peek()) return;
  document.querySelector<HTMLElement>('[popover]:popover-open')?.hidePopover();
  batch(() => {
    closeOverlay();
    moved();
  });
}

function pageAt(pathname: string): Page | null {
  return PAGES.find(each => each.path === pathname) ?? null;
}

function isPlain(event: MouseEvent): boolean {
  const { button, ctrlKey, metaKey, shiftKey, altKey, defaultPrevented } = event;
  return button === 0 && !ctrlKey && !metaKey && !shiftKey && !altKey && !defaultPrevented;
}
