import { computed, effect, type ReadonlySignal } from '@preact/signals';
import { mediaQuery } from './media-query.ts';
import { density, palette, type Theme, theme } from './state/settings.ts';

const prefersLight = mediaQuery('(prefers-color-scheme: light)');

/** The theme as drawn, the system's own worked out. */
export const drawnTheme: ReadonlySignal<'dark' | 'light'> = computed(() => {
  if (theme.value !== 'system') return theme.value;
  return prefersLight.value ? 'light' : 'dark';
});

/** The theme after the one that is set: what looks different first, then the other, then the system's own. */
export function nextTheme(): Theme {
  const ofSystem = prefersLight.peek() ? 'light' : 'dark';
  if (theme.peek() === 'system') return ofSystem === 'light' ? 'dark' : 'light';
  return theme.peek() === ofSystem ? 'system' : ofSystem;
}

/** Keeps what `theme.js` has set before the first paint as the user sets it. */
export function followAppearance(): void {
  const root = document.documentElement;
  effect(() => {
    root.dataset.theme = drawnTheme.value;
    root.dataset.palette = palette.value;
    root.dataset.density = density.value;
    const bar = document.querySelector<HTMLMetaElement>('meta[name="theme-color"]');
    if (bar) bar.content = getComputedStyle(root).getPropertyValue('--bg');
  });
}
