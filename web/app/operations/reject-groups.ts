import type { Rejects } from './api.ts';
import { type RejectField, rejectField, rejectWords } from './reject-words.ts';

/** All rejects of one channel for one reason. */
export interface RejectGroup {
  key: string;
  channel: string;
  reason: string;
  field: RejectField;
  count: number;
  /** Of the newest that is kept; null = none is. */
  newest: { words: string; sample: string; at: string } | null;
}

/** By channel, then by field: what is read does not change places because it is counted on. */
export function rejectGroups({ rejects, counts }: Rejects): RejectGroup[] {
  return counts
    .map(({ channel, reason, count }) => {
      const newest = rejects.find(each => each.channel === channel && each.reason === reason);
      return {
        key: groupKey(channel, reason),
        channel,
        reason,
        field: rejectField(reason),
        count,
        newest: newest ? { words: rejectWords(newest), sample: newest.sample, at: newest.at } : null,
      };
    })
    .toSorted((a, b) => compare(a.channel, b.channel) || compare(a.field, b.field) || compare(a.reason, b.reason));
}

export function groupKey(channel: string, reason: string): string {
  return `${channel} ${reason}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
