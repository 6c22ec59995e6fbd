import type { Tier } from '../../../shared/topics.ts';
import type { ExchangeCalendar } from '../../live/calendar.ts';
import type { Latency, Spread } from '../../live/latency.ts';
import { clockTime, momentWords, zoneWords } from '../../live/times.ts';
import { ageWords, stateWords } from '../../live/words.ts';
import { now } from '../now.ts';
import { facts, painter } from '../page-state.ts';
import { Pairs } from '../pairs.tsx';
import { ClockChoice } from '../settings/clock-choice.tsx';
import { clock } from '../state/settings.ts';
import { countWords, rateWords, TITLES } from '../words.ts';

import { alertWords } from './alert-words.ts';
import { datesAhead } from './dates-ahead.ts';
import { durationWords } from './latency-words.ts';
import { calendar } from './market.ts';
import { linkWords } from './pill-words.ts';
import { clockOffsetMs, producer, systemLink } from './producer.ts';

/** A tier's connection and data, apart. */
export function TierDetails({ tier }: { tier: Tier }) {
  const told = facts[tier].value;
  const nowMs = now.value;
  const title = TITLES[tier];
  return (
    <Pairs
      pairs={[
        ['State', stateWords(told.state, { title, nowMs, clock: clock.value }).words],
        ['Connection', linkWords(told.topic, nowMs).words],
        ['Data heartbeat', told.heartbeatAtMs === null ? '–' : `${ageWords(nowMs - told.heartbeatAtMs)} ago`],
        ['Bridges alive then', told.bridges === null ? '–' : countWords(told.bridges)],
        [
          'Newest event',
          told.lastEventAtMs === null ? '–' : `${clockTime(told.lastEventAtMs, clock.value)} ${zoneWords(clock.value)}`,
        ],
        ['Rate', rateWords(told)],
        ['Events kept here', countWords(told.held)],
      ]}
    />
  );
}

/** What the producer has last said of itself, in full. */
export function ProducerDetails() {
  const nowMs = now.value - clockOffsetMs();
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

const HOPS = [
  ['pipeline', 'Pipeline', 'detected to bridge'],
  ['edge', 'Edge', 'bridge to hub'],
  ['network', 'Network', 'hub to this page'],
  ['paint', 'Paint', 'received to drawn'],
  ['total', 'All', 'detected to drawn'],
] as const;

/** Where the time goes between detection and paint. */
export function LatencyDetails() {
  const latency = painter.latency.latency(now.value);
  const { n, uncertain } = latency;
  return (
    <>
      <table class="hops">
        <thead>
          <tr>
            <th scope="col">Hop</th>
            <th scope="col">p50</th>
            <th scope="col">p95</th>
          </tr>
        </thead>
        <tbody>
          {HOPS.map(([hop, name, span]) => (
            <tr key={hop}>
              <th scope="row">
                {name} <small>{span}</small>
              </th>
              <Figures of={latency[hop]} isRough={isRough(hop, latency)} />
            </tr>
          ))}
        </tbody>
      </table>
      <p class="hint">
        {n === 0
          ? 'No live event with a time of its own came in.'
          : `${countWords(n)} events measured${uncertain ? '; ~ = the clocks are not known to 25 ms' : ''}.`}
      </p>
    </>
  );
}

function Figures({ of, isRough }: { of: Spread | null; isRough: boolean }) {
  const figure = (value: number | undefined) => (value === undefined ? '–' : durationWords(value, isRough));
  return (
    <>
      <td>{figure(of?.p50)}</td>
      <td>{figure(of?.p95)}</td>
    </>
  );
}

function isRough(hop: (typeof HOPS)[number][0], { uncertain }: Latency): boolean {
  return uncertain && (hop === 'network' || hop === 'total');
}

/** The exchange's hours and next unusual days, and which clock comes first. */
export function ClockDetails() {
  const nowMs = now.value - clockOffsetMs();
  return (
    <>
      {calendar.value ? <Sessions calendar={calendar.value} nowMs={nowMs} /> : <p>The calendar is not known yet.</p>}
      <h3>Clock that comes first</h3>
      <ClockChoice />
    </>
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
