import { render } from 'preact';
import { App } from './app.tsx';
import { followAppearance } from './appearance.ts';
import { followAttention } from './connection.ts';
import { followMarket } from './header/market.ts';
import { lazy } from './lazy.ts';
import { startClock } from './now.ts';
import { announcer, facts, painter } from './page-state.ts';

// The frame and the columns come side by side; what the page can be looked at without, after both.
const livePage = import('./live-page.tsx');
const late = import('./late.ts');
const LivePage = lazy(connectLivePage, <main class="page-body" />);

/** Starts the page below `root`. */
export function start(root: Element): void {
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
}

/** The columns, once they have asked for what they show: what a link says comes before that. */
async function connectLivePage() {
  const isLink = location.search !== '';
  const { connectColumns, LivePage } = await livePage;
  if (isLink) (await late).followAddress();
  connectColumns();
  late.then(
    ({ followAddress, startLate }) => {
      if (!isLink) followAddress();
      startLate();
    },
    () => announcer.say('Page', 'Keys and commands could not be loaded. Check the connection and reload.'),
  );
  return LivePage;
}

/** What benchmarks read: `messageToPaint` in milliseconds over the last minute, events kept per tier. */
function stats() {
  const held = Object.fromEntries(Object.entries(facts).map(([tier, { value }]) => [tier, value.held]));
  return { messageToPaint: painter.stats(), held };
}
