import { sessionAt } from '../../live/calendar.ts';
import { clockTime, shortTime, zoneWords } from '../../live/times.ts';
import { useDerived, Words } from '../derived.tsx';
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
  const told = useDerived(() => {
    const nowMs = exchangeNowMs();
    const session = calendar.value && sessionAt(calendar.value, nowMs);
    const words = session && sessionWords(calendar.value!.exchange, session, nowMs);
    return { session: session?.session ?? 'unknown', name: words?.name ?? 'Session –', why: words?.why };
  });
  const first = clock.value;
  const second: Clock = first === 'exchange' ? 'local' : 'exchange';
  return (
    <Popover
      name="clock"
      title={calendar.value ? `${calendar.value.exchange} sessions` : 'Sessions'}
      buttonClass="clock"
      data={{ 'data-session': told.session }}
      button={
        <>
          <span class="session">
            <strong>{told.name}</strong>{' '}
            <span class="session-change">
              <Words of={changeWords} />
            </span>
            {told.why && <em>{told.why}</em>}
          </span>
          <span class="times">
            <strong>
              <Words of={() => clockTime(exchangeNowMs(), first)} /> {zoneWords(first)}
            </strong>{' '}
            <span class="second-time">
              <Words of={() => shortTime(exchangeNowMs(), second)} /> {zoneWords(second)}
            </span>
          </span>
        </>
      }
    >
      {() => <ClockDetails />}
    </Popover>
  );
}

/** On the server's clock. Reads a signal. */
function exchangeNowMs(): number {
  return now.value - clockOffsetMs();
}

/** When the exchange opens or closes next; empty when the calendar does not tell. */
function changeWords(): string {
  const nowMs = exchangeNowMs();
  const session = calendar.value && sessionAt(calendar.value, nowMs);
  return session ? sessionWords(calendar.value!.exchange, session, nowMs).change : '';
}
