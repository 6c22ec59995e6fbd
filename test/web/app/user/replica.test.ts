import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Items, Replica } from '../../../../web/app/user/replica.ts';
import { Device, Server } from './model.ts';

const items = (...entries: [string, string][]): Items => new Map(entries);
const STAR: [string, string] = ['stars A', 'true'];
const view = (name: string, query: string): [string, string] => [`views ${name}`, `{"query":"${query}"}`];

describe('the first contact', () => {
  it('joins what is here and what is there', () => {
    const replica = new Replica(items());
    const held = replica.greeted(items(STAR, view('Open', 'd=1')), items(['stars B', 'true'], view('Close', 'd=2')));
    expect([...held.keys()].sort()).toEqual(['stars A', 'stars B', 'views Close', 'views Open']);
    expect([...replica.next(held)!.changes.keys()]).toEqual(['stars B', 'views Close']);
  });
  it('lets the server’s setting win', () => {
    const replica = new Replica(items());
    const held = replica.greeted(items(['settings theme', '"dark"']), items(['settings theme', '"light"']));
    expect(held).toEqual(items(['settings theme', '"dark"']));
    expect(replica.next(held)).toBeNull();
  });
  it('keeps views of one name that differ beside each other', () => {
    const replica = new Replica(items());
    const held = replica.greeted(items(view('Open', 'd=1')), items(view('Open', 'd=2'), view('Open 2', 'd=3')));
    expect(held).toEqual(items(view('Open', 'd=1'), view('Open 2', 'd=3'), view('Open 3', 'd=2')));
  });
  it('gives a subscription that is kept beside another a name of its own, no longer than names may be', () => {
    const name = 'n'.repeat(40);
    const replica = new Replica(items());
    const held = replica.greeted(
      items(['subscriptions n-x', `{"name":"${name}"}`]),
      items(['subscriptions n-x', `{"enabled":true,"name":"${name}"}`]),
    );
    expect(held.get('subscriptions n-x 2')).toBe(`{"enabled":true,"name":"${'n'.repeat(38)} 2"}`);
  });
});

describe('a copy that was offline', () => {
  it('sends what was done meanwhile, and takes what was done elsewhere', () => {
    const replica = new Replica(items(STAR, ['stars B', 'true'], ['settings clock', '"local"']));
    const held = replica.greeted(
      items(STAR, ['stars D', 'true'], ['settings clock', '"local"']),
      items(['stars B', 'true'], ['stars C', 'true'], ['settings clock', '"local"']),
    );
    expect([...held.keys()].sort()).toEqual(['settings clock', 'stars C', 'stars D']);
    expect(replica.next(held)!.changes).toEqual(
      new Map([
        ['stars A', null],
        ['stars C', 'true'],
      ]),
    );
  });
  it('keeps what was changed in one place and deleted in another', () => {
    const before = items(view('Mine', 'd=1'), view('Theirs', 'd=1'));
    const replica = new Replica(before);
    const held = replica.greeted(items(view('Theirs', 'd=2')), items(view('Mine', 'd=2')));
    expect(held).toEqual(items(view('Mine', 'd=2'), view('Theirs', 'd=2')));
    expect(replica.next(held)!.changes).toEqual(items(view('Mine', 'd=2')));
  });
  it('overwrites what was changed in both places with its own', () => {
    const replica = new Replica(items(view('Open', 'd=1')));
    const held = replica.greeted(items(view('Open', 'd=2')), items(view('Open', 'd=3')));
    expect(held).toEqual(items(view('Open', 'd=3')));
    expect(replica.next(held)!.changes).toEqual(items(view('Open', 'd=3')));
  });
  it('does not take its own change that was never answered for somebody else’s', () => {
    const replica = new Replica(items());
    replica.greeted(items(), items());
    replica.next(items(STAR));
    const held = replica.greeted(items(STAR), items());
    expect(held).toEqual(items());
    expect(replica.next(held)!.changes).toEqual(new Map([['stars A', null]]));
  });
});

describe('what is sent', () => {
  it('waits for the answer to what was sent before', () => {
    const replica = new Replica(items());
    replica.greeted(items(), items());
    const first = replica.next(items(STAR))!;
    expect(replica.next(items())).toBeNull();
    expect(replica.changed(new Map([STAR]), first.id, items())).toEqual(items());
    expect(replica.next(items())!.changes).toEqual(new Map([['stars A', null]]));
  });
  it('comes in pieces that the server takes', () => {
    const replica = new Replica(items());
    const many = new Map(Array.from({ length: 450 }, (_, n): [string, string] => [`stars ${n}`, 'true']));
    const sizes: number[] = [];
    for (let message = replica.next(many); message; message = replica.next(many)) {
      sizes.push(message.changes.size);
      replica.changed(message.changes, message.id, many);
    }
    expect(sizes).toEqual([200, 200, 50]);
    const large = items(view('a', 'x'.repeat(59_000)), view('b', 'y'.repeat(30_000)), view('c', 'z'));
    expect(new Replica(items()).next(large)!.changes.size).toBe(1);
  });
  it('leaves out what was refused until it is changed, and sends the others again', () => {
    const replica = new Replica(items());
    const held = items(STAR, view('Open', 'd=1'));
    const message = replica.next(held)!;
    expect(replica.refused('another', 0)).toEqual([]);
    expect(replica.refused(message.id, 1)).toEqual(['views Open']);
    const again = replica.next(held)!;
    expect(again.changes).toEqual(items(STAR));
    replica.changed(again.changes, again.id, held);
    expect(replica.next(held)).toBeNull();
    expect(replica.next(items(STAR, view('Open', 'd=2')))!.changes).toEqual(items(view('Open', 'd=2')));
  });
  it('is given up as a whole when the server does not say what is wrong', () => {
    const replica = new Replica(items());
    const message = replica.next(items(STAR))!;
    expect(replica.refused(message.id, null)).toEqual(['stars A']);
    expect(replica.next(items(STAR))).toBeNull();
  });
  it('is sent again when it came too fast', () => {
    const replica = new Replica(items());
    replica.next(items(STAR));
    replica.postponed();
    expect(replica.next(items(STAR))!.changes).toEqual(items(STAR));
  });
});

describe('while a change is on its way', () => {
  it('the same name from elsewhere is kept beside it', () => {
    const server = new Server();
    const [a, b] = [new Device(server), new Device(server)];
    for (const device of [a, b]) device.connect();
    server.deliverAll();
    a.set(...view('Open', 'd=1'));
    b.set(...view('Open', 'd=2'));
    server.deliverAll();
    expect([...server.items.values()].sort()).toEqual([view('', 'd=1')[1], view('', 'd=2')[1]]);
    expect(a.held).toEqual(b.held);
  });
  it('what is taken back at once stays taken back', () => {
    const server = new Server();
    const device = new Device(server);
    device.connect();
    server.deliverAll();
    device.set(...STAR);
    device.set('stars A', null);
    server.deliverAll();
    expect([device.held.size, server.items.size]).toEqual([0, 0]);
  });
});

type Step =
  | { do: 'set'; device: number; key: string; text: string | null }
  | { do: 'connect' | 'disconnect' | 'reload' | 'toServer' | 'fromServer'; device: number };

const device = fc.nat({ max: 2 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('set' as const),
    device,
    key: fc.constantFrom('stars A', 'stars B', 'stars C', 'stars D'),
    text: fc.constantFrom('true', 'true', null),
  }),
  fc.record({
    do: fc.constant('set' as const),
    device,
    key: fc.constantFrom('views V', 'views W', 'settings theme', 'subscriptions S'),
    text: fc.constantFrom('{"name":"1"}', '{"name":"2"}', null),
  }),
  fc.record({ do: fc.constantFrom('connect', 'disconnect', 'reload', 'toServer', 'fromServer', 'fromServer'), device }),
) as fc.Arbitrary<Step>;

/** Somebody saves a view under a name that is free as far as they can see. */
type Make = { do: 'make'; device: number };

function run(steps: readonly (Step | Make)[]): { server: Server; devices: Device[]; made: string[] } {
  const server = new Server();
  const made: string[] = [];
  const devices = [new Device(server), new Device(server), new Device(server)];
  for (const each of steps) {
    const at = devices[each.device]!;
    if (each.do === 'set') at.set(each.key, each.text);
    else if (each.do !== 'make') at[each.do]();
    else if (!at.held.has('views V')) {
      made.push(`{"made":${made.length}}`);
      at.set('views V', made.at(-1)!);
    }
  }
  for (const each of devices) each.connect();
  server.deliverAll();
  return { server, devices, made };
}

describe('whatever is done where, connected or not', () => {
  it('all copies come to hold the same in the end, and the server too', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), steps => {
        const { server, devices } = run(steps);
        for (const each of devices) expect(sorted(each.held)).toEqual(sorted(server.items));
      }),
      { numRuns: 1_000 },
    );
  });

  it('no star is lost that nobody has taken away', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), steps => {
        const starred = new Set<string>();
        const unstarred = new Set<string>();
        for (const each of steps) {
          if (each.do === 'set' && each.key.startsWith('stars')) (each.text ? starred : unstarred).add(each.key);
        }
        const { server } = run(steps);
        for (const key of starred) if (!unstarred.has(key)) expect(server.items.has(key), key).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('no view is lost for having the name of another that nobody knew of', () => {
    const make = fc.record({ do: fc.constant('make' as const), device });
    fc.assert(
      fc.property(fc.array(fc.oneof({ weight: 4, arbitrary: step }, make), { maxLength: 60 }), steps => {
        const others = steps.filter(each => each.do !== 'set' || !each.key.startsWith('views'));
        const { server, made } = run(others);
        expect([...server.items.values()].filter(text => text.includes('made')).sort()).toEqual(made.sort());
      }),
      { numRuns: 1_000 },
    );
  });
});

function sorted(items: Items): [string, string][] {
  return [...items].sort(([a], [b]) => (a < b ? -1 : 1));
}
