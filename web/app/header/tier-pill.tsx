import { Plug, Unplug } from 'lucide';
import type { Tier } from '../../../shared/topics.ts';
import { client } from '../connection.ts';
import { useDerived, Words } from '../derived.tsx';
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
  const title = TITLES[tier];
  const link = useDerived(() => linkWords(facts[tier].value.topic, now.value));
  const freshness = useDerived(() =>
    freshnessOf(facts[tier].value, heartbeatMsOf(client.topic(tier).hello), now.value),
  );
  return (
    <Popover
      name={tier}
      title={`${title}: connection and data`}
      buttonClass="pill"
      data={{ 'data-tier': tier, 'data-freshness': freshness, 'data-link': link.name }}
      button={
        <>
          <TierIcon tier={tier} />
          <span class="pill-name">{title}</span>{' '}
          <span class="pill-figure">
            <Words of={() => pillFigure(facts[tier].value, freshness, now.value)} />
          </span>
          <span class="visually-hidden">, {link.words}</span>
          <Icon of={link.name === 'up' ? Plug : Unplug} size={14} />
        </>
      }
    >
      {() => <TierDetails tier={tier} />}
    </Popover>
  );
}
