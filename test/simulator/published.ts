import type { Tier } from '../../shared/topics.ts';
import type { Detection } from './detection.ts';
import type { Random } from './random.ts';

/** The detections published so far, as far as later messages refer to them. */
export interface Published {
  add(detection: Detection): void;
  /** One of the newest of a tier, or null before the first. */
  recent(tier: Tier): Detection | null;
  /** A recent intraday detection and the newest daily one of the same symbol, both with ids; null while there is none. */
  pair(): { daily: Detection; intraday: Detection } | null;
}

const RECENT = 60;

export function createPublished(random: Random): Published {
  const newest: Record<Tier, Detection[]> = { daily: [], intraday: [], combo: [] };
  const newestDaily = new Map<string, Detection>();

  return {
    add(detection) {
      const list = newest[detection.tier];
      list.push(detection);
      if (list.length > RECENT) list.shift();
      if (detection.tier === 'daily' && detection.eventId) newestDaily.set(detection.symbol, detection);
    },
    recent: tier => (newest[tier].length === 0 ? null : random.pick(newest[tier])),
    pair() {
      const triggers = newest.intraday.filter(({ symbol }) => newestDaily.has(symbol));
      if (triggers.length === 0) return null;
      const intraday = random.pick(triggers);
      return { daily: newestDaily.get(intraday.symbol)!, intraday };
    },
  };
}
