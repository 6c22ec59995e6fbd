import { openOverlay } from '../overlay.tsx';

/** Opens the saved views, whose code is fetched the first time. */
export function openViews(): void {
  void openOverlay(async () => (await import('./saved-views.tsx')).SavedViews);
}
