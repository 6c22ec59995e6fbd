import { type ExchangeCalendar, sessionAt } from '../../live/calendar.ts';
import { clockTime, shortTime, zoneWords } from '../../live/times.ts';
import { now } from '../now.ts';
import { Pairs, Popover } from '../popover.tsx';
import { Segmented } from '../segmented.tsx';
import { type Clock, clock } from '../state/settings.ts';
import { calendar } from './market.ts';
import { clockOffsetMs } from './producer.ts';
import { datesAhead, sessionWords } from './session-words.ts';

const CLOCK_CHOICES = [
  { value: 'exchange', label: 'Exchange (ET)' },
  { value: 'local', label: 'Local' },
] as const;

/** Where the exchange stands and what time it is, there and here; the user says which comes first. */
export function SessionClock() {
  const nowMs = now.value - clockOffsetMs();
  const session = calendar.value && sessionAt(calendar.value, nowMs);
  const words = session && sessionWords(calendar.value!.exchange, session, nowMs);
  const first = clock.value;
  const second: Clock = first === 'exchange' ? 'local' : 'exchange';
  return (
    <Popover
      name="clock"
      title={calendar.value ? `${calendar.value.exchange} sessions` : 'Sessions'}
      buttonClass="clock"
      data={{ 'data-session': session?.session ?? 'unknown' }}
      button={
        <>
          <span class="session">
            <strong>{words?.name ?? 'Session –'}</strong> <span class="session-change">{words?.change}</span>
            {words?.why && <em>{words.why}</em>}
          </span>
          <span class="times">
            <strong>
              {clockTime(nowMs, first)} {zoneWords(first)}
            </strong>{' '}
            <span class="second-time">
              {shortTime(nowMs, second)} {zoneWords(second)}
            </span>
          </span>
        </>
      }
    >
      {() => (
        <>
          {calendar.value ? (
            <Sessions calendar={calendar.value} nowMs={nowMs} />
          ) : (
            <p>The calendar is not known yet.</p>
          )}
          <h3>Clock that comes first</h3>
          <ClockChoice />
        </>
      )}
    </Popover>
  );
}

/** Which clock the page tells times by. */
export function ClockChoice() {
  return (
    <Segmented
      label="Clock that comes first"
      choices={CLOCK_CHOICES}
      value={clock.value}
      onChoose={chosen => {
        clock.value = chosen;
      }}
    />
  );
}

function Sessions({ calendar, nowMs }: { calendar: ExchangeCalendar; nowMs: number }) {
  const { pre_market, regular, post_market } = calendar.sessions;
  return (
    <Pairs
      pairs={[
        ['Pre-market', `${pre_market.from}–${pre_market.to} ET`],
        ['Regular', `${regular.from}–${regular.to} ET`],
        ['After hours', `${post_market.from}–${post_market.to} ET`],
        ...datesAhead(calendar, nowMs).map(({ date, words }) => [date, words] as const),
      ]}
    />
  );
}
