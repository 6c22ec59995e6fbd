import type { Event, PatternEvent } from '../client/client.ts';
import { element, setText } from './dom.ts';
import { ageWords, confidenceWords, directionGlyph, exchangeTime, priceWords } from './words.ts';

/** An entry as it is drawn: its list item, and how its age is renewed. */
export interface Row {
  item: HTMLElement;
  /** `nowMs` on the server's clock. */
  renewAge(nowMs: number): void;
}

/** Draws an event. Everything of it goes in as text. */
export function eventRow(event: Event, nowMs: number): Row {
  const item = element('li', 'row');
  item.dataset.seq = String(event.seq);
  item.dataset.symbol = 'symbol' in event ? event.symbol : '';
  const age = element('span', 'age');
  const detectedAtMs = Date.parse(event.detected_at);
  const time = element('time', 'time', exchangeTime(detectedAtMs, nowMs));
  time.setAttribute('datetime', event.detected_at);
  if (event.kind === 'pattern') item.append(patternLine(event), detailLine(event, time, age));
  else item.append(element('div', 'line', event.kind), timeLine(time, age));

  const renewAge = (atMs: number) => setText(age, `${ageWords(atMs - detectedAtMs)} ago`);
  renewAge(nowMs);
  return { item, renewAge };
}

/** Draws a divider: a gap, what was withheld, what was lost. */
export function noteRow(name: string, words: string): Row {
  const item = element('li', 'note', words);
  item.dataset.note = name;
  return { item, renewAge: () => {} };
}

function patternLine(event: PatternEvent): HTMLElement {
  const line = element('div', 'line');
  const { glyph: sign, name } = directionGlyph(event.direction);
  const glyph = element('span', `direction ${name}`, sign);
  glyph.setAttribute('aria-hidden', 'true');
  const { percent, segments } = confidenceWords(event.confidence);
  const bar = element('span', 'segments', segments);
  bar.setAttribute('aria-hidden', 'true');
  const confidence = element('span', 'confidence');
  confidence.append(bar, element('span', 'percent', percent));
  line.append(
    glyph,
    element('strong', 'symbol', event.symbol),
    element('span', 'pattern', event.pattern_type),
    confidence,
  );
  return line;
}

function detailLine(event: PatternEvent, time: HTMLElement, age: HTMLElement): HTMLElement {
  const line = timeLine(time, age);
  const details = [
    element('span', `priority ${event.priority}`, event.priority),
    ...[event.direction, event.timeframe].filter(word => word !== null).map(word => element('span', 'word', word)),
    element('span', 'price', priceWords(event.price)),
  ];
  if (event.tier_origin === 'default') details.push(mark('tier: default', 'No tier was sent: this is the channel’s'));
  if (event.time_origin === 'naive')
    details.push(mark('no zone', 'The time was sent without a zone and is read as UTC'));
  if (event.time_origin === 'received') details.push(mark('no time', 'No time was sent: this is when it was received'));
  line.prepend(...details);
  return line;
}

function timeLine(time: HTMLElement, age: HTMLElement): HTMLElement {
  const line = element('div', 'line detail');
  const when = element('span', 'when');
  when.append(time, age);
  line.append(when);
  return line;
}

function mark(words: string, explanation: string): HTMLElement {
  const made = element('span', 'mark', words);
  made.title = explanation;
  return made;
}
