import { describe, expect, it } from 'vitest';
import { alertWords } from '../../../../web/app/header/alert-words.ts';
import { heard, type ProducerState, toneOf, UNHEARD } from '../../../../web/app/header/producer-state.ts';
import { HEALTH_HOLDS_MS, producerWords } from '../../../../web/app/header/producer-words.ts';
import type { Event } from '../../../../web/client/client.ts';

const AT = Date.parse('2026-11-20T19:36:00.000Z');
const time = (secondsAgo: number) => new Date(AT - secondsAgo * 1_000).toISOString();
const health = (secondsAgo: number, status: string | null = 'healthy') =>
  ({ kind: 'system_health', status, detected_at: time(secondsAgo) }) as Event;
const session = (secondsAgo: number, state: 'started' | 'stopped') =>
  ({ kind: 'streaming_session', state, detected_at: time(secondsAgo) }) as Event;
const alert = (secondsAgo: number) => ({ kind: 'critical_alert', detected_at: time(secondsAgo) }) as Event;
const saying = (...events: Event[]): ProducerState => heard(UNHEARD, events);

describe('what the producer has said', () => {
  it('is nothing at first', () => {
    expect(saying()).toBe(UNHEARD);
  });
  it('is the newest of each kind, whatever order it comes in', () => {
    const [old, young] = [health(20), health(10, 'degraded')];
    expect(saying(old, young).health).toBe(young);
    expect(saying(young, old).health).toBe(young);
    const state = saying(young, session(30, 'started'), session(5, 'stopped'), alert(7));
    expect(state).toMatchObject({ health: young, session: { state: 'stopped' }, alert: { detected_at: time(7) } });
  });
  it('is the later of two of the same time', () => {
    const [first, second] = [health(10), health(10, 'error')];
    expect(saying(first, second).health).toBe(second);
  });
  it('is the same state when nothing in it is newer', () => {
    const state = saying(health(10));
    expect(heard(state, [health(20), { kind: 'streaming_health' } as Event])).toBe(state);
  });
});

describe('the producer in a word', () => {
  it.each<[string, ProducerState, { tone: string; label: string; words: string }]>([
    ['unheard of', UNHEARD, { tone: 'muted', label: '–', words: 'not heard of yet' }],
    ['healthy', saying(health(12)), { tone: 'ok', label: 'healthy', words: 'healthy, said 12 s ago' }],
    [
      'of no status',
      saying(health(12, null)),
      { tone: 'muted', label: 'no status', words: 'no status, said 12 s ago' },
    ],
    [
      'streaming',
      saying(health(12, 'degraded'), session(60, 'started')),
      { tone: 'warn', label: 'degraded', words: 'degraded, said 12 s ago, streaming session started' },
    ],
    [
      'healthy and not streaming',
      saying(health(12), session(60, 'stopped')),
      { tone: 'warn', label: 'no stream', words: 'healthy, said 12 s ago, streaming session stopped' },
    ],
    [
      'silent for long',
      saying(health(HEALTH_HOLDS_MS / 1_000 + 60), session(60, 'started')),
      { tone: 'muted', label: '3 min ago', words: 'healthy, said 3 min ago, streaming session started' },
    ],
    [
      'known by its session alone',
      saying(session(5, 'started')),
      { tone: 'muted', label: 'streaming', words: 'health not known, streaming session started' },
    ],
    [
      'known by the end of its session alone',
      saying(session(5, 'stopped')),
      { tone: 'warn', label: 'no stream', words: 'health not known, streaming session stopped' },
    ],
  ])('%s', (_, state, words) => {
    expect(producerWords(state, AT)).toEqual(words);
  });
  it.each([
    ['healthy', 'ok'],
    ['OK', 'ok'],
    ['info', 'ok'],
    ['degraded', 'warn'],
    ['warning', 'warn'],
    ['error', 'err'],
    ['unhealthy', 'err'],
    ['critical', 'err'],
    ['purple', 'muted'],
    [null, 'muted'],
  ])('has for %s the tone %s', (status, tone) => {
    expect(toneOf(status)).toBe(tone);
  });
});

describe('an alert', () => {
  it('says when, where and what', () => {
    const sent = { component: 'data_feed', message: 'Feed lost', detected_at: time(0) };
    expect(alertWords(sent, AT, 'exchange')).toBe('14:36:00 ET data_feed: Feed lost');
  });
  it('says what was not sent', () => {
    const sent = { component: null, message: null, detected_at: time(86_400) };
    expect(alertWords(sent, AT, 'exchange')).toBe('Nov 19 14:36 ET no message sent');
  });
});
