import {
  closeSync,
  fstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pino } from 'pino';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Outbox } from '../../bridge/outbox/outbox.ts';
import type { OutboxStore } from '../../bridge/outbox/store.ts';
import { OutboxFile } from '../../bridge/outbox-file.ts';
import type { IngestBatch } from '../../shared/ingest-protocol.ts';
import { flat, read } from './normalise/support.ts';
import { heartbeat, takeAll } from './outbox/support.ts';

const CHANNEL = 'tickstock.events.patterns';
const LIMITS = { maxEvents: 1e9, maxBytes: 1e9, maxTotalBytes: 1e9 };

function createFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tickstock-outbox-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function open(folder: string, bridgeId = 'bridge', said: string[] = []): OutboxFile {
  const log = pino({ level: 'error' }, { write: line => said.push(JSON.parse(line).msg) });
  const file = new OutboxFile({ folder, bridgeId, log }, 1);
  onTestFinished(() => file.close());
  return file;
}

/** Daily patterns, received at these times. */
function add(outbox: Outbox, times: Iterable<number>, padding = 0): void {
  for (const receivedAtMs of times) {
    const message = flat({ tier: 'daily', n: receivedAtMs, padding: 'x'.repeat(padding) });
    outbox.add({ channel: CHANNEL, receivedAtMs }, read(message, CHANNEL));
  }
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const numbersOf = (batches: IngestBatch[]) =>
  batches.flatMap(({ events }) => events.map(event => (event.data as { n: number }).n));
const pathOf = (folder: string) => join(folder, 'outbox-bridge.sqlite');

describe('a folder', () => {
  test('is made, and holds a file for each bridge', () => {
    const folder = join(createFolder(), 'data', 'here');
    open(folder, 'east');
    open(folder, 'west');
    expect(readdirSync(folder).filter(name => name.endsWith('.sqlite'))).toEqual([
      'outbox-east.sqlite',
      'outbox-west.sqlite',
    ]);
  });

  test('in which another bridge has the file is refused by name, until that one is gone', () => {
    const folder = createFolder();
    const first = open(folder);
    expect(() => open(folder)).toThrow(`DATA_DIR: another bridge of the same BRIDGE_ID has ${pathOf(folder)}`);
    first.close();
    open(folder);
  });

  test('that cannot be made is refused by name', () => {
    const taken = join(createFolder(), 'file');
    writeFileSync(taken, '');
    expect(() => open(taken)).toThrow(/^DATA_DIR: EEXIST/);
  });
});

describe('what is saved', () => {
  test('is there at the next start, with what it was received under, and is posted for the start that received it', () => {
    const folder = createFolder();
    const file = open(folder);
    const outbox = new Outbox('start-1', { store: file });
    outbox.open(100);
    add(outbox, range(110, 120));
    outbox.confirm(150);
    outbox.addReject({ channel: 'c', reason: 'bad_json', sample: '{', at: '' });
    outbox.close();
    expect(outbox.save()).toBe(true);
    file.close();

    const next = new Outbox('start-2', { store: open(folder) });
    expect(next.events).toBe(10);
    next.open(200);
    const batches = takeAll(next.lanes.daily, 200);
    expect(numbersOf(batches)).toEqual(range(110, 120));
    expect(
      batches.map(({ bridge_id, covers, heartbeat }) => [bridge_id, covers?.to_ms, heartbeat !== undefined]),
    ).toEqual([
      ['start-2', undefined, true],
      ['start-1', 150, false],
      ['start-2', 200, true],
    ]);
    expect(takeAll(next.lanes.system, 200).flatMap(({ rejects }) => rejects)).toHaveLength(1);
  });

  test('leaves the disk once it is taken, and gives its room back', () => {
    const folder = createFolder();
    const file = open(folder);
    const outbox = new Outbox('start-1', { store: file });
    add(outbox, range(0, 2_000), 1_000);
    outbox.save();
    takeAll(outbox.lanes.daily);
    outbox.save();
    expect(statSync(pathOf(folder)).size).toBeLessThan(1_000_000);
    file.close();
    expect(new Outbox('start-2', { store: open(folder) }).events).toBe(0);
  });

  test('of a batch that was posted keeps its number, so that the hub knows it again', () => {
    const folder = createFolder();
    const file = open(folder);
    const outbox = new Outbox('start-1', { store: file });
    add(outbox, [1, 2]);
    const posted = outbox.lanes.daily.next(5, () => heartbeat())!;
    outbox.save();
    file.close();
    const next = new Outbox('start-2', { store: open(folder) });
    const again = next.lanes.daily.next(9, () => heartbeat())!;
    expect(again.id).toBe(posted.id);
    const { bridge_id, events } = JSON.parse(again.body);
    expect([bridge_id, events]).toEqual(['start-1', JSON.parse(posted.body).events]);
  });
});

describe('saving', () => {
  test('is due once an event has waited for a second, in a batch or not, and until it has left the disk', () => {
    const outbox = new Outbox('start-1', { store: open(createFolder()) });
    const { daily } = outbox.lanes;
    outbox.save();
    expect([outbox.isSaveDue(9_999), outbox.oldestMs]).toEqual([false, null]);
    add(outbox, [1_000]);
    expect([outbox.isSaveDue(1_999), outbox.isSaveDue(2_000)]).toEqual([false, true]);
    daily.next(1_500, () => heartbeat());
    expect([outbox.isSaveDue(1_999), outbox.isSaveDue(2_000), outbox.oldestMs]).toEqual([false, true, 1_000]);
    outbox.save();
    daily.taken();
    expect(outbox.isSaveDue(2_001)).toBe(true);
    outbox.save();
    expect(outbox.isSaveDue(2_001)).toBe(false);
  });

  test('is due once a batch has not been answered for a second, whatever it carries', () => {
    const outbox = new Outbox('start-1', { store: open(createFolder()) });
    outbox.save();
    outbox.lanes.combo.next(1_000, () => heartbeat());
    expect([outbox.isSaveDue(1_999), outbox.isSaveDue(2_000)]).toEqual([false, true]);
  });

  test('tells what is in memory alone, and since when', () => {
    const outbox = new Outbox('start-1', { store: open(createFolder()) });
    add(outbox, [1_000]);
    outbox.save();
    expect(outbox.inMemoryAlone).toEqual({ events: 0, bytes: 0, sinceMs: null });
    add(outbox, [2_000, 3_000]);
    outbox.lanes.daily.next(4_000, () => heartbeat());
    add(outbox, [5_000]);
    expect(outbox.inMemoryAlone).toMatchObject({ events: 3, sinceMs: 2_000 });
  });

  test('without a disk is never done', () => {
    expect(new Outbox('start-1').save()).toBe(false);
  });
});

describe('memory', () => {
  test('holds its bound while the disk takes the rest, and all comes out in order', () => {
    const limits = { ...LIMITS, maxEvents: 100 };
    const outbox = new Outbox('start-1', { limits, store: open(createFolder()) });
    for (const n of range(0, 1_500)) {
      add(outbox, [n]);
      expect(outbox.lanes.daily.inMemory.events).toBeLessThanOrEqual(100);
    }
    expect(outbox.events).toBe(1_500);
    expect(numbersOf(takeAll(outbox.lanes.daily))).toEqual(range(0, 1_500));
    expect(outbox.dropped).toBe(0);
  });

  test('and disk together hold theirs: past it the oldest go, and are told exactly', () => {
    const limits = { maxEvents: 1_000, maxBytes: 1e9, maxTotalBytes: 1_000_000 };
    const outbox = new Outbox('start-1', { limits, store: open(createFolder()) });
    add(outbox, range(0, 3_000));
    expect(outbox.bytes).toBeLessThanOrEqual(1_000_000);
    const { dropped } = outbox;
    const batches = takeAll(outbox.lanes.daily);
    expect(numbersOf(batches)).toEqual(range(dropped, 3_000));
    expect(batches.flatMap(({ gaps }) => gaps)).toEqual([
      { from_ms: 0, to_ms: dropped - 1, reason: 'outbox_overflow' },
    ]);
  });

  test('keeps to its bound by itself while the disk takes nothing, and tells what it gives up', () => {
    const file = open(createFolder());
    let isFull = false;
    const store: OutboxStore = {
      generation: 0,
      firstNumber: 0,
      load: topic => file.load(topic),
      read: (topic, from, to) => file.read(topic, from, to),
      save: changes => !isFull && file.save(changes),
    };
    const outbox = new Outbox('start-1', { limits: { ...LIMITS, maxEvents: 100 }, store });
    add(outbox, range(0, 250));
    isFull = true;
    add(outbox, range(250, 600));
    expect(outbox.lanes.daily.inMemory.events).toBe(100);
    const { dropped } = outbox;
    expect(dropped).toBeGreaterThan(0);
    isFull = false;
    expect(outbox.save()).toBe(true);
    add(outbox, range(600, 800));
    const batches = takeAll(outbox.lanes.daily);
    const [gap] = batches.flatMap(({ gaps }) => gaps);
    expect(gap!.to_ms - gap!.from_ms + 1).toBe(dropped);
    expect(numbersOf(batches)).toEqual([...range(0, gap!.from_ms), ...range(gap!.to_ms + 1, 800)]);
  });
});

describe('a file that cannot be read', () => {
  test('is put away at the start, and a new one begun', () => {
    const folder = createFolder();
    writeFileSync(pathOf(folder), 'this is no database, whatever its name says'.repeat(100));
    const said: string[] = [];
    const file = open(folder, 'bridge', said);
    const { error, setAside } = file.status();
    expect(error).toBeNull();
    expect(setAside!.path).toContain('outbox-bridge.sqlite.unreadable-');
    expect(readdirSync(folder)).toContain(setAside!.path.split('/').at(-1));
    expect(said).toEqual(['the outbox cannot be read: it is put away, and a new one begun']);
    const outbox = new Outbox('start-1', { store: file });
    add(outbox, [1]);
    expect(outbox.save()).toBe(true);
  });

  test('of another version, likewise', () => {
    const folder = createFolder();
    const other = new DatabaseSync(pathOf(folder));
    other.exec('CREATE TABLE events (id); PRAGMA user_version = 99');
    other.close();
    expect(open(folder).status().setAside).not.toBeNull();
  });

  test('costs what was on it alone, which is told, and nothing else', () => {
    const folder = createFolder();
    const file = open(folder);
    const outbox = new Outbox('start-1', { limits: { ...LIMITS, maxEvents: 5_000 }, store: file });
    add(outbox, range(0, 5_001), 2_000);
    add(outbox, range(5_001, 5_010));
    expect(outbox.lanes.daily.inMemory.events).toBe(9);
    for (const name of readdirSync(folder)) overwrite(join(folder, name));
    const batches = takeAll(outbox.lanes.daily);
    expect(file.status().setAside).not.toBeNull();
    const taken = numbersOf(batches);
    const [gap] = batches.flatMap(({ gaps }) => gaps);
    expect(taken.slice(-9)).toEqual(range(5_001, 5_010));
    expect(taken.slice(0, -9)).toEqual(range(0, taken.length - 9));
    expect(gap!.from_ms).toBeLessThanOrEqual(taken.length - 9);
    expect(gap).toMatchObject({ to_ms: 5_000, reason: 'outbox_overflow' });
    expect(outbox.dropped).toBe(5_010 - taken.length);
    add(outbox, [6_000]);
    expect(outbox.save()).toBe(true);
    file.close();
    expect(numbersOf(takeAll(new Outbox('start-2', { store: open(folder) }).lanes.daily))).toEqual([6_000]);
  });
});

test('a folder that cannot be written to leaves memory alone, and says why', () => {
  const folder = createFolder();
  mkdirSync(pathOf(folder));
  const file = open(folder);
  const outbox = new Outbox('start-1', { store: file });
  add(outbox, [1]);
  expect(outbox.save()).toBe(false);
  expect(file.status().error!.why).toContain('unable to open database file');
  expect(outbox.inMemoryAlone).toMatchObject({ events: 1, sinceMs: 1 });
  expect(numbersOf(takeAll(outbox.lanes.daily))).toEqual([1]);
});

/** All but the first page, which SQLite looks at first. */
function overwrite(path: string): void {
  const file = openSync(path, 'r+');
  const { size } = fstatSync(file);
  if (size > 4_096) writeSync(file, Buffer.alloc(size - 4_096, 0xa5), 0, size - 4_096, 4_096);
  closeSync(file);
}
