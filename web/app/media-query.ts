import { type ReadonlySignal, signal } from '@preact/signals';

/** Whether a media query matches, as it changes. */
export function mediaQuery(query: string): ReadonlySignal<boolean> {
  const list = matchMedia(query);
  const made = signal(list.matches);
  list.addEventListener('change', () => {
    made.value = list.matches;
  });
  return made;
}
