import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Tier } from '../../shared/topics.ts';
import { tierIcon } from '../live/icons.ts';

/** A tier's icon in its colour, as rows have it. */
export function TierIcon({ tier }: { tier: Tier }) {
  const ref = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => ref.current!.replaceChildren(tierIcon(tier)), [tier]);
  return <span ref={ref} class="tier-icon" data-tier={tier} aria-hidden="true" />;
}
