import { sessionAt } from '../../live/calendar.ts';
import { clockTime, shortTime, zoneWords } from '../../live/times.ts';
import { lazy } from '../lazy.ts';
import { now } from '../now.ts';
import { Popover } from '../popover.tsx';
import { type Clock, clock } from '../state/settings.ts';
import { calendar } from './market.ts';
import { clockOffsetMs } from './producer.ts';
import { sessionWords } from './session-words.ts';

const ClockDetails = lazy(async () => (await import('./details.tsx')).ClockDetails);

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
      {() => <ClockDetails />}
    </Popover>
  );
}
