import { RadioTower } from 'lucide';
import { momentWords, zoneWords } from '../../live/times.ts';
import { ageWords } from '../../live/words.ts';
import { Icon } from '../icon.tsx';
import { now } from '../now.ts';
import { Pairs, Popover } from '../popover.tsx';
import { clock } from '../state/settings.ts';
import { countWords } from '../words.ts';
import { alertWords } from './alert-words.ts';
import { linkWords } from './pill-words.ts';
import { clockOffsetMs, producer, systemLink } from './producer.ts';
import { producerWords } from './producer-words.ts';

/** The producer itself: its health and streaming session, as it has last said, and how long ago. */
export function ProducerChip() {
  const nowMs = now.value - clockOffsetMs();
  const { tone, label, words } = producerWords(producer.value, nowMs);
  return (
    <Popover
      name="producer"
      title="Producer"
      label={`Producer: ${words}`}
      buttonClass="pill"
      data={{ 'data-tone': tone }}
      button={
        <>
          <Icon of={RadioTower} size={14} />
          <span class="pill-name">Producer</span>
          <span class="pill-figure">{label}</span>
        </>
      }
    >
      {() => <Details nowMs={nowMs} />}
    </Popover>
  );
}

function Details({ nowMs }: { nowMs: number }) {
  const { health, session, alert } = producer.value;
  const at = (time: string) => `${momentWords(Date.parse(time), nowMs, clock.value)} ${zoneWords(clock.value)}`;
  return (
    <Pairs
      pairs={[
        ['Health', health ? (health.status ?? 'no status sent') : '–'],
        ['Said', health ? `${ageWords(nowMs - Date.parse(health.detected_at))} ago` : '–'],
        ['Streaming session', session ? `${session.state} ${at(session.detected_at)}` : '–'],
        ['Universe', session?.universe ?? '–'],
        ['Symbols', session?.symbol_count == null ? '–' : countWords(session.symbol_count)],
        ['Newest alert', alert ? alertWords(alert, nowMs, clock.value) : 'none'],
        ['Connection', linkWords(systemLink.value, now.value).words],
      ]}
    />
  );
}
