import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { Outbox } from '../../../bridge/outbox/outbox.ts';
import { OutboxFile } from '../../../bridge/outbox-file.ts';
import type { IngestEvent } from '../../../shared/events.ts';
import { TIERS, TOPICS, type Topic } from '../../../shared/topics.ts';
import { CLOCK_MARGIN_MS } from '../../../workers/core/coverage.ts';
import { flat, readPattern } from '../normalise/support.ts';
import { HubModel } from './hub-model.ts';
import { due } from './support.ts';

const template = readPattern(flat());
const log = pino({ level: 'silent' });
const topic = fc.constantFrom<Topic>('daily', 'intraday', 'combo');
const of = <T extends string>(name: T) => fc.record({ do: fc.constant(name) });

const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant('add' as const), topic, count: fc.integer({ min: 1, max: 40 }) }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('take' as const), topic }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('takeUnheard' as const), topic }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('refuse' as const), topic }) },
  { weight: 1, arbitrary: of('reject') },
  { weight: 3, arbitrary: of('save') },
  { weight: 1, arbitrary: of('open') },
  { weight: 1, arbitrary: of('close') },
  { weight: 2, arbitrary: of('stop') },
  { weight: 1, arbitrary: of('kill') },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

test.each([
  ['within the bound', { maxEvents: 60, maxBytes: 1e9, maxTotalBytes: 1e9 }],
  ['past the bound', { maxEvents: 60, maxBytes: 1e9, maxTotalBytes: 100_000 }],
])('%s, every event arrives once and in order, or is told, whatever is stopped, killed or not heard', (_, limits) => {
  const folder = mkdtempSync(join(tmpdir(), 'tickstock-outbox-'));
  let run = 0;
  try {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 50 }), steps => {
        const world = new World(new OutboxMaker(folder, `run-${run++}`, limits));
        for (const action of steps) world.act(action);
        world.finish();
        world.check();
      }),
      { numRuns: 80 },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Starts a bridge's outbox on the same file again and again. */
class OutboxMaker {
  readonly limits;
  readonly #folder;
  readonly #name;
  #starts = 0;

  constructor(folder: string, name: string, limits: { maxEvents: number; maxBytes: number; maxTotalBytes: number }) {
    this.limits = limits;
    this.#folder = folder;
    this.#name = name;
  }

  start(): { outbox: Outbox; file: OutboxFile } {
    // The clock does not help to tell one start from the next.
    const file = new OutboxFile({ folder: this.#folder, bridgeId: this.#name, log }, 1);
    return { outbox: new Outbox(`start-${++this.#starts}`, { limits: this.limits, store: file }), file };
  }
}

interface Published {
  receivedAtMs: number;
  topic: Topic;
  /** Which subscription heard it; null: none that was confirmed. */
  heardBy: number | null;
}

/** Drives an outbox over several starts, with a hub for each topic, and remembers what must be true. */
class World {
  #nowMs = 1_000;
  readonly #maker: OutboxMaker;
  #outbox: Outbox;
  #file: OutboxFile;
  readonly #hubs = new Map(TOPICS.map(topic => [topic, new HubModel()]));
  readonly #events: Published[] = [];
  /** What a kill took before it was on disk. */
  readonly #killed = new Set<number>();
  readonly #refused = new Set<number>();
  /** The gap after one that `endsEarly` may begin before it has ended. */
  readonly #subscriptions: { fromMs: number; confirmedMs: number; isCurrent: boolean; endsEarly: boolean }[] = [];
  #unsaved = new Set<number>();
  #rejects = 0;
  #dropped = 0;
  #wasKilled = false;

  constructor(maker: OutboxMaker) {
    this.#maker = maker;
    ({ outbox: this.#outbox, file: this.#file } = maker.start());
    this.#open();
    // A hub tells no gap before something was covered.
    for (const topic of TOPICS) while (this.#post(topic, 'take'));
  }

  act(action: Step): void {
    this.#nowMs++;
    switch (action.do) {
      case 'add':
        for (let i = 0; i < action.count; i++) this.#add(action.topic);
        break;
      case 'take':
      case 'takeUnheard':
      case 'refuse':
        this.#post(action.topic, action.do);
        break;
      case 'reject':
        this.#outbox.addReject({ channel: 'c', reason: 'bad_json', sample: '{', at: '' });
        this.#rejects++;
        break;
      case 'save':
        this.#save();
        break;
      case 'open':
        this.#close();
        this.#open();
        break;
      case 'close':
        this.#close();
        break;
      case 'stop':
        this.#close();
        this.#save();
        expect(this.#outbox.inMemoryAlone.events).toBe(0);
        this.#restart();
        break;
      case 'kill':
        this.#wasKilled = true;
        for (const n of this.#unsaved) this.#killed.add(n);
        this.#forgetEnds();
        this.#restart();
    }
    expect(this.#outbox.lanes.daily.inMemory.events).toBeLessThanOrEqual(this.#maker.limits.maxEvents + 500);
  }

  /** The Worker is there from now on, and takes all. */
  finish(): void {
    for (const topic of TOPICS) while (this.#post(topic, 'take'));
    this.#outbox.lanes.system.beatSoon();
    this.#post('system', 'take');
    this.#save();
    this.#dropped += this.#outbox.dropped;
    expect([this.#outbox.events, this.#outbox.bytes]).toEqual([0, 0]);
    this.#file.close();
  }

  check(): void {
    let missing = 0;
    for (const tier of TIERS) {
      const hub = this.#hubs.get(tier)!;
      expect(hub.tape).toEqual(hub.tape.toSorted((a, b) => a - b));
      this.#events.forEach(({ topic, receivedAtMs, heardBy }, n) => {
        if (topic !== tier || hub.onTape.has(n) || this.#refused.has(n)) return;
        const gaps = hub.lost.map(({ from_ms, to_ms }) => ({ fromMs: from_ms, toMs: to_ms }));
        if (!this.#killed.has(n)) missing++;
        else gaps.push(...hub.absences);
        const isTold = gaps.some(({ fromMs, toMs }) => fromMs <= receivedAtMs && receivedAtMs <= toMs);
        // Of what came while nothing was confirmed no coverage says anything.
        expect(isTold || (this.#killed.has(n) && heardBy === null)).toBe(true);
      });
      for (const { from_ms, to_ms } of hub.lost) this.#checkLoss(tier, from_ms, to_ms);
      for (const absence of hub.absences) this.#checkAbsence(absence);
    }
    expect(missing).toBeLessThanOrEqual(this.#dropped);
    if (!this.#wasKilled) expect(missing).toBe(this.#dropped);
    if (!this.#wasKilled) expect(this.#hubs.get('system')!.rejects).toBe(this.#rejects);
  }

  /** A gap that was told begins and ends with an event that is missing. */
  #checkLoss(tier: Topic, fromMs: number, toMs: number): void {
    const hub = this.#hubs.get(tier)!;
    for (const ms of [fromMs, toMs]) {
      const isMissing = this.#events.some(
        ({ topic, receivedAtMs }, n) => topic === tier && receivedAtMs === ms && !hub.onTape.has(n),
      );
      expect(isMissing || this.#wasKilled).toBe(true);
    }
  }

  /** A time in which nobody listened is one between two subscriptions, no more, and no less than clocks allow. */
  #checkAbsence({ fromMs, toMs }: { fromMs: number; toMs: number }): void {
    const next = this.#subscriptions.findIndex(subscription => subscription.fromMs === toMs);
    expect(next).toBeGreaterThan(0);
    const before = this.#subscriptions[next - 1]!;
    expect(fromMs).toBeLessThanOrEqual(before.confirmedMs);
    if (this.#subscriptions.slice(0, next).some(({ endsEarly }) => endsEarly)) return;
    expect(fromMs).toBeGreaterThanOrEqual(before.confirmedMs - CLOCK_MARGIN_MS);
  }

  #add(topic: Topic): void {
    const n = this.#events.length;
    if (n % 3 > 0) this.#nowMs++;
    const event = { ...template, id: `${n}`, tier: topic } as IngestEvent;
    const current = this.#subscriptions.findIndex(({ isCurrent }) => isCurrent);
    this.#events.push({ receivedAtMs: this.#nowMs, topic, heardBy: current < 0 ? null : current });
    this.#unsaved.add(n);
    const before = this.#outbox.inMemoryAlone.events;
    this.#outbox.add({ channel: 'c', receivedAtMs: this.#nowMs }, [{ event }]);
    // It has been spilled when less is in memory alone than before.
    if (this.#outbox.inMemoryAlone.events <= before) this.#noteSaved();
    this.#outbox.confirm(this.#nowMs);
    if (current >= 0) this.#subscriptions[current]!.confirmedMs = this.#nowMs;
  }

  #post(topic: Topic, how: 'take' | 'takeUnheard' | 'refuse'): boolean {
    const lane = this.#outbox.lanes[topic];
    const batch = due(lane, this.#nowMs);
    if (!batch) return false;
    if (how === 'refuse') {
      const givenUp = lane.refused('');
      if (givenUp?.what === 'event') this.#refused.add(Number(batch.events[0]!.id));
      // Told to whoever runs the bridge.
      if (givenUp?.what === 'gap') this.#hubs.get(topic)!.lost.push(...givenUp.gaps);
      if (batch.covers && batch.events.length === 0) this.#forgetEnds();
      return true;
    }
    const hub = this.#hubs.get(topic)!;
    if (hub.take(batch)) this.#checkCoverage(topic, batch.covers?.from_ms, batch.covers?.to_ms);
    if (how === 'take') lane.taken();
    return true;
  }

  /** What was received under a subscription before the time that it is covered to is with the hub, or told. */
  #checkCoverage(tier: Topic, fromMs: number | undefined, toMs: number | undefined): void {
    const hub = this.#hubs.get(tier)!;
    this.#events.forEach(({ topic, receivedAtMs, heardBy }, n) => {
      if (topic !== tier || heardBy === null || this.#subscriptions[heardBy]!.fromMs !== fromMs) return;
      if (receivedAtMs >= toMs! || hub.onTape.has(n) || this.#refused.has(n)) return;
      expect(hub.lost.some(gap => gap.from_ms <= receivedAtMs && receivedAtMs <= gap.to_ms)).toBe(true);
    });
  }

  #save(): void {
    expect(this.#outbox.save()).toBe(true);
    this.#noteSaved();
  }

  #noteSaved(): void {
    this.#unsaved = new Set();
  }

  #restart(): void {
    this.#dropped += this.#outbox.dropped;
    this.#file.close();
    for (const subscription of this.#subscriptions) subscription.isCurrent = false;
    this.#unsaved = new Set();
    ({ outbox: this.#outbox, file: this.#file } = this.#maker.start());
    this.#open();
  }

  #forgetEnds(): void {
    for (const subscription of this.#subscriptions) subscription.endsEarly = true;
  }

  #open(): void {
    this.#nowMs += 5;
    this.#outbox.open(this.#nowMs);
    this.#subscriptions.push({ fromMs: this.#nowMs, confirmedMs: this.#nowMs, isCurrent: true, endsEarly: false });
  }

  #close(): void {
    this.#outbox.close();
    for (const subscription of this.#subscriptions) subscription.isCurrent = false;
  }
}
