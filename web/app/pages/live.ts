import { announcer } from '../page-state.ts';
import { isLive } from './place.ts';

// The frame and the columns come side by side; what the page can be looked at without, after both.
const code = import('../live-page.tsx');
const late = import('../late.ts');

/**
 * The page of the columns, once these have asked for what they show: what a link says comes before that. Whichever page
 * is shown, the header tells of the columns.
 */
export const livePage = connect();

async function connect() {
  const isLink = location.search !== '';
  const { connectColumns, LivePage } = await code;
  if (isLink) (await late).followAddress(isLive);
  connectColumns();
  late.then(
    ({ followAddress, startLate }) => {
      if (!isLink) followAddress(isLive);
      startLate();
    },
    () => announcer.say('Page', 'Keys and commands could not be loaded. Check the connection and reload.'),
  );
  return LivePage;
}
