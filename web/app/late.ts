import { reportLatency } from './beacon.ts';
import { followKeyboard } from './commands/keyboard.ts';
import { registerPageCommands } from './commands/page-commands.ts';
import { followRows } from './detail/open.ts';
import { registerFilterCommands } from './filter/commands.ts';
import { offerTour } from './help/offer-tour.ts';
import { registerPagesCommands } from './pages/commands.ts';
import { followAddress } from './state/address.ts';
import { followUser } from './user/follow-user.ts';

export { AlertBanner } from './header/alert-banner.tsx';
export { LinkNotice } from './views/link-notice.tsx';
export { followAddress };

/**
 * Starts what a page can be looked at without: its code comes after what draws it. From then on keys and commands work, as
 * the document's `data-keys` says.
 */
export function startLate(): void {
  registerPageCommands();
  registerPagesCommands();
  registerFilterCommands();
  followKeyboard();
  followRows();
  followUser();
  offerTour();
  reportLatency();
  // Some keys go to the filter bars, whose code comes by itself.
  const ready = () => {
    document.documentElement.dataset.keys = 'ready';
  };
  import('./filter/filter-bar.tsx').then(ready, ready);
}
