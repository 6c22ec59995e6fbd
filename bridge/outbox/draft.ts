import type { BridgeHeartbeat, Covers, IngestCounts, IngestGap, Reject } from '../../shared/ingest-protocol.ts';
import type { PlacedEvent } from './queue.ts';
import { coversUpTo } from './subscription.ts';

/** What is in a batch, before it has a body. */
export interface Draft {
  /** The start of the bridge that it is posted for. */
  bridgeId: string;
  /** null: it was never posted. */
  number: number | null;
  covers: Covers | null;
  events: PlacedEvent[];
  rest: Rest;
}

/** All that a batch carries besides events. */
export interface Rest {
  rejects: Reject[];
  gaps: IngestGap[];
  heartbeat?: BridgeHeartbeat;
  counts?: IngestCounts | undefined;
}

export const NO_REST: Rest = { rejects: [], gaps: [] };

/** The drafts that take a refused one's place; one alone when it cannot be split. */
export function split(draft: Draft): Draft[] {
  const apart = { ...draft, number: null };
  if (draft.events.length === 0) return splitRest(apart);
  if (draft.events.length > 1 || !isEmpty(draft.rest)) return halve(apart);
  // What is covered is true whatever becomes of the event: if need be a reject is told in its place.
  return draft.covers === null
    ? [apart]
    : [
        { ...apart, covers: null },
        { ...apart, events: [] },
      ];
}

/** What of a draft is kept for the next start of a bridge: it has a heartbeat of its own. null: nothing */
export function withoutHeartbeat(draft: Draft): Draft | null {
  const { heartbeat: _, ...rest } = draft.rest;
  const hasContent = draft.covers !== null || draft.events.length > 0 || !isEmpty(rest);
  return hasContent ? { ...draft, rest } : null;
}

/** What may not be missed comes first: gaps, with what is covered but for them. */
function splitRest({ covers, rest: { gaps, rejects, counts, heartbeat }, ...draft }: Draft): Draft[] {
  const parts: Draft[] = [
    { ...draft, covers, rest: { rejects: [], gaps } },
    { ...draft, covers: null, rest: { rejects, gaps: [], counts } },
    { ...draft, covers: null, rest: { rejects: [], gaps: [], ...(heartbeat && { heartbeat }) } },
  ];
  return parts.filter(part => part.covers !== null || !isEmpty(part.rest));
}

/** Two drafts in place of one: its events halved, or its only event apart from the rest. */
function halve({ covers, events, rest, ...draft }: Draft): [Draft, Draft] {
  const middle = Math.floor(events.length / 2);
  const [first, second] = [events.slice(0, middle), events.slice(middle)];
  return [
    { ...draft, covers: covers && coversUpTo(covers, second[0]!), events: first, rest },
    { ...draft, covers, events: second, rest: NO_REST },
  ];
}

function isEmpty({ rejects, gaps, heartbeat, counts }: Rest): boolean {
  return rejects.length === 0 && gaps.length === 0 && heartbeat === undefined && counts === undefined;
}
