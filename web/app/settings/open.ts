import { openOverlay } from '../overlay.tsx';

/** Opens the settings, whose code is fetched the first time. */
export function openSettings(): void {
  void openOverlay(async () => (await import('./settings-dialog.tsx')).SettingsDialog);
}
