import { Plug, Unplug } from 'lucide';
import type { Tier } from '../../../shared/topics.ts';
import { client } from '../connection.ts';
import { Icon } from '../icon.tsx';
import { lazy } from '../lazy.ts';
import { now } from '../now.ts';
import { facts } from '../page-state.ts';
import { Popover } from '../popover.tsx';
import { TierIcon } from '../tier-icon.tsx';
import { TITLES } from '../words.ts';
import { freshnessOf, heartbeatMsOf, linkWords, pillFigure } from './pill-words.ts';

const TierDetails = lazy(async () => (await import('./details.tsx')).TierDetails);

/** A tier in a few words: whether its connection stands and, apart from that, how fresh its data is. */
export function TierPill({ tier }: { tier: Tier }) {
  const told = facts[tier].value;
  const nowMs = now.value;
  const title = TITLES[tier];
  const link = linkWords(told.topic, nowMs);
  const freshness = freshnessOf(told, heartbeatMsOf(client.topic(tier).hello), nowMs);
  const figure = pillFigure(told, freshness, nowMs);
  return (
    <Popover
      name={tier}
      title={`${title}: connection and data`}
      buttonClass="pill"
      data={{ 'data-tier': tier, 'data-freshness': freshness, 'data-link': link.name }}
      button={
        <>
          <TierIcon tier={tier} />
          <span class="pill-name">{title}</span> <span class="pill-figure">{figure}</span>
          <span class="visually-hidden">, {link.words}</span>
          <Icon of={link.name === 'up' ? Plug : Unplug} size={14} />
        </>
      }
    >
      {() => <TierDetails tier={tier} />}
    </Popover>
  );
}
