import type { FunctionComponent } from 'preact';
import { livePage } from './live.ts';
import { LIVE_PATH } from './place.ts';

/** What the frame stands around. */
export interface Page {
  /** Its address. */
  path: string;
  /** In links, commands and the window's title. */
  title: string;
  /** After `g` it goes there. */
  key: string;
  /** Fetches its code, the first time that it is shown. It draws a `PageMain`. */
  load(): Promise<FunctionComponent>;
}

/** The page of the columns; it stays as it is while another one is shown. */
export const LIVE: Page = { path: LIVE_PATH, title: 'Live', key: 'l', load: () => livePage };

/** All pages, in the order of their links. */
export const PAGES: readonly Page[] = [
  LIVE,
  {
    path: '/backtests',
    title: 'Backtests',
    key: 'b',
    load: async () => (await import('../backtests/backtests-page.tsx')).BacktestsPage,
  },
  {
    path: '/admin',
    title: 'Operations',
    key: 'a',
    load: async () => (await import('../operations/operations-page.tsx')).OperationsPage,
  },
];
