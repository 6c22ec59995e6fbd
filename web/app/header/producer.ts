import { type ReadonlySignal, signal } from '@preact/signals';
import type { TopicState } from '../../client/client.ts';
import { client } from '../connection.ts';
import { stored } from '../state/stored.ts';
import { heard, type ProducerState, UNHEARD } from './producer-state.ts';

const SUBSCRIPTION = 'page';
/** Enough to hold the newest of each kind, health being the frequent one. */
const SNAPSHOT = 200;

const topic = client.topic('system');
const state = signal<ProducerState>(UNHEARD);
const link = signal<TopicState>(topic.state);

/** What the producer has last said of itself. */
export const producer: ReadonlySignal<ProducerState> = state;

/** Where the connection stands that this comes over. */
export const systemLink: ReadonlySignal<TopicState> = link;

/** The alert that the user has read and put away, by its id. */
export const dismissedAlert = stored('dismissed_alert', '', value => (typeof value === 'string' ? value : undefined));

/** How far the local clock is ahead of the server's, in milliseconds; 0 before it was measured. */
export function clockOffsetMs(): number {
  return topic.clockOffset?.offsetMs ?? 0;
}

/** Whether the server asks nobody who they are. */
export const isGuest = signal(false);

topic.on('events', ({ events }) => {
  state.value = heard(state.peek(), events);
});
topic.on('state', changed => {
  link.value = changed;
  isGuest.value = topic.hello?.identity?.guest === true;
});
topic.subscribe({ id: SUBSCRIPTION, snapshot: SNAPSHOT });
