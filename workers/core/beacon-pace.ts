/** A page reports no more often than this. */
const LEAST_PAUSE_MS = 60_000;
/** And all pages together no more often than this. */
const REPORTS_PER_SECOND = 10;

/** When a page is to report next, with so many pages connected. */
export function nextBeaconMs(pages: number): number {
  return Math.max(LEAST_PAUSE_MS, Math.ceil((pages / REPORTS_PER_SECOND) * 1_000));
}
