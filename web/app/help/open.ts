import { openOverlay } from '../overlay.tsx';

/** Opens the help, whose code is fetched the first time. */
export function openHelp(): void {
  void openOverlay(async () => (await import('./help.tsx')).Help);
}
