import { Plug, Unplug } from 'lucide';
import type { Tier } from '../../../shared/topics.ts';
import { clockTime, zoneWords } from '../../live/times.ts';
import { ageWords, stateWords } from '../../live/words.ts';
import { facts, TITLES } from '../columns.ts';
import { client } from '../connection.ts';
import { Icon } from '../icon.tsx';
import { now } from '../now.ts';
import { Pairs, Popover } from '../popover.tsx';
import { clock } from '../state/settings.ts';
import { TierIcon } from '../tier-icon.tsx';
import { countWords, rateWords } from '../words.ts';
import { freshnessOf, heartbeatMsOf, linkWords, pillFigure } from './pill-words.ts';

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
      label={`${title}: ${figure}, ${link.words}`}
      buttonClass="pill"
      data={{ 'data-tier': tier, 'data-freshness': freshness, 'data-link': link.name }}
      button={
        <>
          <TierIcon tier={tier} />
          <span class="pill-name">{title}</span>
          <span class="pill-figure">{figure}</span>
          <Icon of={link.name === 'up' ? Plug : Unplug} size={14} />
        </>
      }
    >
      {() => (
        <Pairs
          pairs={[
            ['State', stateWords(told.state, { title, nowMs, clock: clock.value }).words],
            ['Connection', link.words],
            ['Data heartbeat', told.heartbeatAtMs === null ? '–' : `${ageWords(nowMs - told.heartbeatAtMs)} ago`],
            ['Bridges alive then', told.bridges === null ? '–' : countWords(told.bridges)],
            [
              'Newest event',
              told.lastEventAtMs === null
                ? '–'
                : `${clockTime(told.lastEventAtMs, clock.value)} ${zoneWords(clock.value)}`,
            ],
            ['Rate', rateWords(told)],
            ['Events kept here', countWords(told.held)],
          ]}
        />
      )}
    </Popover>
  );
}
