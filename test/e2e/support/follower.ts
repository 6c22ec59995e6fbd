import assert from 'node:assert/strict';
import {
  type Event,
  type Filter,
  type Gap,
  TickstockClient,
  type Topic,
  type Withheld,
} from '../../../web/client/client.ts';
import { eventually } from '../../support/eventually.ts';
import { documentedRuntime } from './documented-runtime.ts';

/** A front end that follows one topic with the protocol client, and keeps what it was told. */
export class Follower {
  readonly client: TickstockClient;
  readonly events: Event[] = [];
  readonly gaps: Gap[] = [];
  readonly withheld: Withheld[] = [];
  readonly states: string[] = [];
  readonly lost: unknown[] = [];
  /** What about the frames was otherwise than written down. */
  readonly faults: string[] = [];

  constructor(url: string, topic: Topic, filter: Filter = {}) {
    this.client = new TickstockClient({ url, runtime: documentedRuntime(this.faults) });
    const link = this.client.topic(topic);
    link.on('events', ({ events }) => this.events.push(...events));
    link.on('gap', gap => this.gaps.push(gap));
    link.on('withheld', withheld => this.withheld.push(withheld));
    link.on('state', ({ name }) => this.states.push(name));
    link.on('lost', lost => this.lost.push(lost));
    link.subscribe({ id: 'follow', filter });
  }

  static async open(url: string, topic: Topic, filter: Filter = {}): Promise<Follower> {
    const follower = new Follower(url, topic, filter);
    await eventually(() => {
      if (follower.state !== 'open') throw new Error(`state is ${follower.state}`);
    });
    return follower;
  }

  get state(): string {
    return this.states.at(-1) ?? 'connecting';
  }

  get seqs(): number[] {
    return this.events.map(({ seq }) => seq);
  }

  /** @throws when a frame was otherwise than written down */
  close(): void {
    this.client.close();
    assert.deepEqual(this.faults, []);
  }
}
