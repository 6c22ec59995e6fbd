import { render } from 'preact';
import { App } from './app.tsx';
import { followAppearance } from './appearance.ts';
import { connectColumns, facts, painter } from './columns.ts';
import { followKeyboard } from './commands/keyboard.ts';
import { registerPageCommands } from './commands/page-commands.ts';
import { followAttention } from './connection.ts';
import { followMarket } from './header/market.ts';
import { offerTour } from './help/offer-tour.ts';
import { startClock } from './now.ts';
import { followAddress } from './state/address.ts';

/** Starts the page below `root`. */
export function start(root: Element): void {
  followAppearance();
  followAddress();
  connectColumns();
  startClock();
  registerPageCommands();
  followKeyboard();
  followMarket();
  followAttention();
  render(<App />, root);
  offerTour();
  Object.assign(window, { __ts: { stats: () => stats() } });
}

/** What benchmarks read: `messageToPaint` in milliseconds over the last minute, events kept per tier. */
function stats() {
  const held = Object.fromEntries(Object.entries(facts).map(([tier, { value }]) => [tier, value.held]));
  return { messageToPaint: painter.stats(), held };
}
