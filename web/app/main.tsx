import { render } from 'preact';
import { App } from './app.tsx';
import { followAppearance } from './appearance.ts';
import { followAttention } from './connection.ts';
import { followMarket } from './header/market.ts';
import { lazy } from './lazy.ts';
import { startClock } from './now.ts';
import { facts, painter } from './page-state.ts';

// The frame and the columns come side by side; what the page can be looked at without, after both.
const livePage = import('./live-page.tsx');
const LivePage = lazy(async () => (await livePage).LivePage, <main class="page-body" />);

/** Starts the page below `root`. */
export async function start(root: Element): Promise<void> {
  Object.assign(window, { __ts: { stats } });
  followAppearance();
  startClock();
  followMarket();
  followAttention();
  render(
    <App>
      <LivePage />
    </App>,
    root,
  );

  const { connectColumns } = await livePage;
  // What a link says comes before what the columns ask for; without one they need not wait for its reader.
  const isLink = location.search !== '';
  if (!isLink) connectColumns();
  const { followAddress, startLate } = await import('./late.ts');
  followAddress();
  if (isLink) connectColumns();
  startLate();
}

/** What benchmarks read: `messageToPaint` in milliseconds over the last minute, events kept per tier. */
function stats() {
  const held = Object.fromEntries(Object.entries(facts).map(([tier, { value }]) => [tier, value.held]));
  return { messageToPaint: painter.stats(), held };
}
