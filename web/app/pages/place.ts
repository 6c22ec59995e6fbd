import { computed, type ReadonlySignal, signal } from '@preact/signals';

/** Where the page of the columns is. */
export const LIVE_PATH = '/';

const shown = signal(location.pathname);

/** The path of what is shown. */
export const path: ReadonlySignal<string> = shown;

/** Whether the columns are on the page. */
export const isLive: ReadonlySignal<boolean> = computed(() => shown.value === LIVE_PATH);

/** Whether somebody came to what is shown from another page: then the focus goes to its heading. */
export let hasMoved = false;

/** The address has another path. */
export function moved(): void {
  hasMoved = true;
  shown.value = location.pathname;
}
