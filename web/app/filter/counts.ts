import { useEffect, useState } from 'preact/hooks';
import type { Filter } from '../../../shared/filter.ts';
import type { Tier } from '../../../shared/topics.ts';
import { type Count, getCount } from '../api.ts';
import { isSame } from '../state/filters.ts';
import { CountCache } from './count-cache.ts';
import { withUniverses } from './universe-marks.ts';

/** What counts look back on. */
export const COUNTED_MINUTES = 60;
/** What is shown for long is counted anew so often. */
const REFRESH_MS = 60_000;

const cache = new CountCache((tier, filter, minutes, signal) => getCount(tier, withUniverses(filter), minutes, signal));

/**
 * How much of a tier's last hour passes a filter.
 * @throws ApiError, or what `fetch` throws, or the signal's reason
 */
export function countOf(tier: Tier, filter: Filter, signal: AbortSignal): Promise<Count> {
  return cache.get({ tier, filter, minutes: COUNTED_MINUTES }, performance.now(), signal);
}

export interface LiveCount {
  /** Of the filter asked for, or of the last one that was answered; null before the first answer. */
  count: Count | null;
  /** Whether `count` is of an earlier filter. */
  isPending: boolean;
  /** Why it cannot be told, in words; null = it can. */
  failure: string | null;
}

/** `countOf` for a component: anew `pauseMs` after the filter's last change, and each minute; what is overtaken is aborted. */
export function useCount(tier: Tier, filter: Filter, { pauseMs = 0 }: { pauseMs?: number } = {}): LiveCount {
  const [answer, setAnswer] = useState<{ asked: string; count: Count | null; failure: string | null } | null>(null);
  const asked = JSON.stringify([tier, filter]);
  useEffect(() => {
    const abort = new AbortController();
    const ask = async () => {
      if (document.hidden) return;
      try {
        const count = await countOf(tier, filter, abort.signal);
        setAnswer({ asked, count, failure: null });
      } catch (error) {
        if (abort.signal.aborted) return;
        setAnswer(before => ({ asked, count: before?.count ?? null, failure: (error as Error).message }));
      }
    };
    const first = setTimeout(ask, pauseMs);
    const again = setInterval(ask, REFRESH_MS);
    return () => {
      clearTimeout(first);
      clearInterval(again);
      abort.abort();
    };
  }, [asked]);
  return {
    count: answer?.count ?? null,
    isPending: !isSame(answer?.asked, asked),
    failure: answer?.failure ?? null,
  };
}
