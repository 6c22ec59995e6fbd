import { render } from 'preact';
import { App } from './app.tsx';
import { followAppearance } from './appearance.ts';
import { followAttention } from './connection.ts';
import { followMarket } from './header/market.ts';
import { startClock } from './now.ts';
import { facts, painter } from './page-state.ts';
import { followPages } from './pages/router.ts';
import { ShownPage } from './pages/shown-page.tsx';

/** Starts the page below `root`. */
export function start(root: Element): void {
  Object.assign(window, { __ts: { stats } });
  followAppearance();
  startClock();
  followMarket();
  followAttention();
  followPages();
  render(
    <App>
      <ShownPage />
    </App>,
    root,
  );
}

/** What benchmarks read: `messageToPaint` in milliseconds over the last minute, events kept per tier. */
function stats() {
  const held = Object.fromEntries(Object.entries(facts).map(([tier, { value }]) => [tier, value.held]));
  return { messageToPaint: painter.stats(), held };
}
