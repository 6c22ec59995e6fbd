import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inRepository } from '../../bridge/local/paths.ts';
import { BadFilterError, connect, type EdgeClient, filter } from '../../web/client/index.ts';
import { eventually } from '../support/eventually.ts';
import { flatPattern, Stack } from '../support/stack.ts';
import { type Program, startProgram } from './support/program.ts';

const EXAMPLES = inRepository('web/client/examples');
const PATTERNS = 'tickstock.events.patterns';
const JWT = {
  AUTH_MODE: 'jwt',
  JWT_SECRET: 'client-package-client-package-client',
  JWT_ISSUER: 'https://issuer.test',
  JWT_AUDIENCE: 'tickstock',
};

const folder = mkdtempSync(join(tmpdir(), 'edge-client-'));
let stack: Stack;
let admin: string;
beforeAll(async () => {
  admin = await tokenOf('operator', { role: 'admin' });
  stack = await Stack.start({ vars: JWT, token: admin });
}, 60_000);
const started: Program[] = [];
afterAll(async () => {
  for (const program of started) program.kill();
  await stack?.stop();
  rmSync(folder, { recursive: true });
});

/** One of the examples, where it is or elsewhere. */
function example(name: string, args: string[] = [], env: Record<string, string> = {}, from = EXAMPLES): Program {
  const program = startProgram(join(from, `${name}.ts`), [stack.url, ...args], { TICKSTOCK_TOKEN: admin, ...env });
  started.push(program);
  return program;
}

function tokenOf(user: string, claims: Record<string, unknown> = {}): Promise<string> {
  const { JWT_SECRET, JWT_ISSUER: iss, JWT_AUDIENCE: aud } = JWT;
  const payload = { sub: user, iss, aud, exp: Math.floor(Date.now() / 1_000) + 600, ...claims };
  return new SignJWT(payload).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(JWT_SECRET));
}

function publish(pattern: Record<string, unknown>): Promise<void> {
  return stack.publish(PATTERNS, flatPattern(pattern));
}

describe('the package', () => {
  const run = (command: string, ...args: string[]) => execFileSync(command, args, { cwd: folder, encoding: 'utf8' });

  beforeAll(() => {
    const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], {
      cwd: inRepository('web/client'),
      encoding: 'utf8',
    });
    writeFileSync(join(folder, 'package.json'), '{"private":true,"type":"module"}');
    run('npm', 'install', '--offline', '--no-audit', '--no-fund', `./${packed.trim().split('\n').at(-1)}`);
  }, 60_000);

  it('needs nothing but itself, and holds nothing but itself', () => {
    const installed = globSync('node_modules/**/*', { cwd: folder, withFileTypes: true }).filter(file => file.isFile());
    const files = installed.map(
      file => join(file.parentPath, file.name).split('@tickstock/edge-client/')[1] ?? file.name,
    );
    const kinds = new Set(files.map(file => file.replace(/^dist\/types\/.*\.d\.ts$/, 'declarations')));
    expect([...kinds].sort()).toEqual(['README.md', 'declarations', 'dist/index.js', 'package.json']);
    const code = readFileSync(join(folder, 'node_modules/@tickstock/edge-client/dist/index.js'), 'utf8');
    expect(code).not.toMatch(/\bimport\b.*from|require\(|zod/i);
  });

  it('has types that need nothing else and tell events apart, in Node and for a page, as strict as can be', () => {
    writeFileSync(join(folder, 'program.ts'), PROGRAM);
    const strict = { strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, noEmit: true };
    for (const options of [
      { module: 'nodenext', lib: ['ES2022'], types: [] },
      { module: 'esnext', moduleResolution: 'bundler', lib: ['ES2022', 'DOM'], types: [] },
    ]) {
      const compilerOptions = { ...strict, target: 'es2022', skipLibCheck: false, ...options };
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['program.ts'] }));
      expect(typeCheck()).toBe('');
    }
  });

  it('runs what the examples show', async () => {
    const source = readFileSync(join(EXAMPLES, 'basic-subscription.ts'), 'utf8');
    writeFileSync(join(folder, 'basic.ts'), source.replace("'../index.ts'", "'@tickstock/edge-client'"));
    const program = example('basic', ['PKG'], {}, folder);
    await program.prints(/# open/);
    await publish({ symbol: 'PKG', pattern: 'Doji', confidence: 0.875 });
    await program.prints(/^live \S+ PKG Doji 0\.875$/m);
    expect(await program.interrupt()).toBe(0);
  });

  function typeCheck(): string {
    try {
      return run(inRepository('node_modules/.bin/tsc'), '--project', '.');
    } catch (error) {
      return (error as { stdout: string }).stdout;
    }
  }
});

/** All at once: each follows symbols of its own. */
describe.concurrent('an example', () => {
  it('is one of six', () => {
    const names = globSync('*.ts', { cwd: EXAMPLES }).map(file => basename(file, '.ts'));
    expect(names.sort()).toEqual([
      'alert-on-condition',
      'basic-subscription',
      'health-and-statistics',
      'portfolio-monitor',
      'publish-and-relay',
      'scalping-view',
    ]);
  });

  it('basic-subscription shows what is stored, then what is live, and says why it gets nothing', async () => {
    await publish({ symbol: 'BASIC', pattern: 'Hammer', confidence: 0.7 });
    await eventually(async () => {
      const { patterns } = await stack.get<{ patterns: unknown[] }>('/api/patterns/daily?symbols=BASIC');
      expect(patterns).toHaveLength(1);
    });
    const [program, stranger] = [
      example('basic-subscription', ['basic']),
      example('basic-subscription', [], { TICKSTOCK_TOKEN: '' }),
    ];
    await program.prints(/^stored \S+ BASIC Hammer 0\.700\nup to date$/m);
    await publish({ symbol: 'OTHER', confidence: 0.9 });
    await publish({ symbol: 'BASIC', pattern: 'Doji', confidence: 0.91 });
    await program.prints(/^live \S+ BASIC Doji 0\.910$/m);
    expect(program.printed).not.toContain('OTHER');
    expect(await program.interrupt()).toBe(0);
    expect(program.printed).toMatch(/# 2 patterns\n$/);
    await stranger.prints(/^# closed: .*ticket/m);
  });

  it('scalping-view draws the newest of each symbol with its latency, in regular hours', async () => {
    const [regular, all] = [example('scalping-view', ['quick']), example('scalping-view', ['quick'], { HOURS: 'all' })];
    await Promise.all([regular.prints(/regular hours: open/), all.prints(/all hours: open/)]);
    const quick = { symbol: 'QUICK', pattern: 'VWAP_Break', tier: 'intraday', current_price: 12.5 };
    await publish({ ...quick, confidence: 0.81, market_session: 'closed' });
    await publish({ ...quick, confidence: 0.85, market_session: 'regular' });
    await publish({ ...quick, confidence: 0.79, market_session: 'regular' });
    await regular.prints(/open, 1 patterns\nQUICK +VWAP_Break +0\.850 12\.50 -?\d+ ms$/m);
    await all.prints(/open, 2 patterns\nQUICK +VWAP_Break +0\.850 12\.50 -?\d+ ms$/m);
    expect(await Promise.all([regular.interrupt(), all.interrupt()])).toEqual([0, 0]);
  });

  it('portfolio-monitor connects each user as himself, who sees his own symbols only', async () => {
    const portfolios = {
      anna: { symbols: ['PFA', 'PFB'], token: await tokenOf('anna-id') },
      ben: { symbols: ['PFC'], token: await tokenOf('ben-id', { topics: ['daily'] }) },
    };
    const program = example('portfolio-monitor', [], { PORTFOLIOS: JSON.stringify(portfolios) });
    for (const tier of ['daily', 'intraday', 'combo']) await program.prints(new RegExp(`anna: ${tier} as anna-id`));
    await program.prints(/ben: daily as ben-id/);
    await program.prints(/ben: combo: .*topic/);
    for (const symbol of ['PFA', 'PFB', 'PFC', 'PFD']) await publish({ symbol, pattern: 'Doji', confidence: 0.8 });
    await publish({ symbol: 'PFA', pattern: 'Daily_Entry', tier: 'combo', confidence: 0.8 });
    for (const words of [
      'anna: daily PFA Doji',
      'anna: daily PFB Doji',
      'anna: combo PFA Daily_Entry',
      'ben: daily PFC Doji',
    ]) {
      await program.prints(new RegExp(`${words} 0.800`));
    }
    expect(await program.interrupt()).toBe(0);
    expect(program.printed).toMatch(/anna had PFA 2, PFB 1\nben had PFC 1\n$/);
    expect(program.printed).not.toContain('PFD');
  });

  it('publish-and-relay brings up the entire way, and receives what it publishes', async () => {
    const program = example('publish-and-relay');
    await program.prints(/# open/);
    await program.prints(
      /published NVDA .*\n(?:.*\n)*received \d+ NVDA Volume_Spike as flat: Redis to bridge \d+ ms, to Worker/,
    );
    expect(program.printed).not.toContain('received TSLA');
    expect(await program.interrupt()).toBe(0);
    expect(program.printed).toMatch(/stopped\n$/);
  });

  it('alert-on-condition tells when its condition begins and ends, once', async () => {
    const program = example('alert-on-condition', ['ALRT'], { COUNT: '2', MINUTES: '0.05', CONFIDENCE: '0.8' });
    await program.prints(/# open/);
    await publish({ symbol: 'ALRT', tier: 'intraday', confidence: 0.79 });
    for (const confidence of [0.8, 0.81, 0.82]) await publish({ symbol: 'ALRT', tier: 'intraday', confidence });
    await program.prints(
      /ALERT ALRT: [23] patterns from 0\.8 within 0\.05 min\n(?:.*\n)*over ALRT: [01] patterns left/,
    );
    expect(program.printed.match(/ALERT/g)).toHaveLength(1);
    expect(await program.interrupt()).toBe(0);
  });

  it('health-and-statistics says how each tier is and why, and what it may not read', async () => {
    const [operator, user] = [
      example('health-and-statistics'),
      example('health-and-statistics', [], { TICKSTOCK_TOKEN: await tokenOf('anna') }),
    ];
    await operator.prints(/health: \w+\n {2}daily: ok, last event \S+, bridges 1\n/);
    await operator.prints(/hub daily: sessions \d+, delivered \d+, bridge to delivery p95 [\d.]+ ms/);
    await user.prints(/\/api\/websocket\/health: 403 .+/);
    expect(await Promise.all([operator.interrupt(), user.interrupt()])).toEqual([0, 0]);
  });
});

describe('what the client refuses', () => {
  let edge: EdgeClient;
  beforeAll(() => {
    edge = connect({ url: stack.url, token: () => admin });
  });
  afterAll(() => edge.close());

  it.each<[string, unknown]>([
    ['a misspelt field', { symbol: ['A'] }],
    ['a confidence over 1', { confidence_min: 80 }],
    ['a wrong type', { symbols: ['A', 1] }],
    ['an unknown priority', { priority_min: 'urgent' }],
    ['too many values', { symbols: Array.from({ length: 1_000 }, (_, i) => `S${i}`) }],
    ['too many bytes', { pattern_types: ['x'.repeat(15_000)] }],
  ])('it refuses as the server does: %s', async (name, wrong) => {
    const daily = edge.topic('daily');
    const refusals: { code: string; message: string }[] = [];
    const end = daily.on('error', ({ id, code, message }) => id === name && refusals.push({ code, message }));
    daily.subscribe({ id: name, filter: wrong as never });
    await eventually(() => expect(refusals).toHaveLength(1));
    end();
    const { code, message } = refusals[0]!;
    expect(() => filter(wrong as never)).toThrow(expect.objectContaining({ code, message }));
    expect(() => edge.subscribe({ topic: 'daily', filter: wrong as never, onEvents: () => undefined })).toThrow(
      new BadFilterError(message),
    );
  });
});

const PROGRAM = `
import { BadFilterError, connect, type Event, type EventOf, type Filter, filter, type Position, presets, type SubscriptionError } from '@tickstock/edge-client';

const edge = connect({ url: 'https://edge.example', token: async () => 'token', onUnauthorised: detail => void detail.length });
let kept: Position | null = null;
const subscription = edge.subscribe({
  topic: 'combo',
  filter: filter().symbols('NVDA').confidence(0.8).sessions('regular').exclude({ patterns: ['Doji'] }),
  snapshot: 20,
  resume: kept,
  onEvents({ events, replay }) {
    for (const event of events) {
      if (event.kind === 'pattern') {
        const tier: 'combo' = event.tier;
        const numbers: (number | null)[] = [event.confidence, event.price, event.correlation_strength, event.hops.hub_at_ms];
        const session: 'pre_market' | 'regular' | 'post_market' | 'closed' = event.market_session;
        // @ts-expect-error only outcomes have it
        event.success_1d;
        // @ts-expect-error no such field
        event.symbl;
        void [tier, numbers, session];
      } else {
        const success: boolean | null = event.success_1d;
        void success;
      }
    }
    const done: boolean | undefined = replay?.done;
    void done;
  },
  onState(state) {
    if (state.name === 'reconnecting') void state.retryAtMs.toFixed();
    // @ts-expect-error only one that is lost has it
    state.retryAtMs;
  },
  onGap: ({ reason }) => void (reason satisfies 'bridge_absent' | 'outbox_overflow' | 'redis_disconnected'),
  onWithheld: ({ from, to }) => void (to - from),
  onError: (error: SubscriptionError) => void (error.code satisfies string | number | null),
});
kept = subscription.position;

for (const selection of presets.risk({ symbols: ['NVDA'] })) edge.subscribe({ ...selection, onEvents: ({ events }) => void events.length });
const swing: presets.Selection<'daily' | 'combo'>[] = presets.swing();
const stored: Filter = filter(swing[0]!.filter).toJSON();
const system = (event: EventOf<'system'>) => event.kind === 'critical_alert' && event.message;
const any = (event: Event): string => ('symbol' in event ? event.symbol : event.kind);
// @ts-expect-error no such topic
edge.subscribe({ topic: 'weekly', onEvents: () => undefined });
// @ts-expect-error no such field
edge.subscribe({ topic: 'daily', filter: { symbol: ['A'] }, onEvents: () => undefined });
edge.topic('daily').on('heartbeat', ({ bridges }) => void bridges.toFixed());
edge.request('/api/health').then(async answer => answer.ok && (await answer.json()));
void [BadFilterError, stored, system, any];
`;
