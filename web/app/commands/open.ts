import { openOverlay } from '../overlay.tsx';

/** Opens the command menu, whose code is fetched the first time. */
export function openCommandMenu(): void {
  void openOverlay(async () => (await import('./command-menu.tsx')).CommandMenu);
}
