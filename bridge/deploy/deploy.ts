import { drain } from '../drain.ts';
import { faultsOf } from './settings.ts';

/** What a deployment is done with. */
export interface Tools {
  env: Readonly<Record<string, string | undefined>>;
  /** Runs git; what it prints. */
  git(args: string[]): Promise<string>;
  /** Builds the page and the Worker, and deploys nothing. */
  build(environment: string): Promise<void>;
  /** Those that wrangler.toml has. */
  environments(): string[];
  /** What wrangler.toml says of an environment. */
  readConfig(environment: string): { vars: Record<string, unknown>; kvIds: Record<string, string | undefined> };
  /** Names of the secrets that a Worker has; none where there is no such Worker yet. */
  listSecrets(environment: string): Promise<string[]>;
  /** Names in a file of secrets. */
  readSecretNames(path: string): Promise<string[]>;
  /** Deploys, and says which version it has made and where it is. */
  deploy(args: string[]): Promise<{ versionId: string; urls: string[] }>;
  say(line: string): void;
  nowMs(): number;
  wait(ms: number): Promise<void>;
}

/** Clients come back in its second half: by then the new version must be there. */
const DRAIN_WINDOW_MS = 60_000;
const DRAIN_TIMEOUT_MS = 15_000;
/** A version is everywhere within seconds. */
const ANSWERS_WITHIN_MS = 60_000;
const ASK_AGAIN_MS = 1_000;
const ANSWER_MS = 10_000;

/**
 * Deploys what is committed to an environment: checks that it can be, sends the sessions away, hands it to wrangler, and
 * waits until the version that was deployed answers.
 * @throws Error with what must be mended
 */
export async function deploy([environment = '', ...passedOn]: string[], tools: Tools): Promise<void> {
  const environments = tools.environments();
  if (!environments.includes(environment)) {
    throw new Error(`Usage: npm run deploy -- ${environments.join('|')} [options of wrangler deploy]`);
  }
  const commit = await readCommit(tools);
  await checkSettings(environment, passedOn, tools);
  await tools.build(environment);

  const drainedAtMs = await drainSessions(tools);
  const { versionId, urls } = await tools.deploy(['--env', environment, '--tag', commit, ...passedOn]);
  const tookMs = tools.nowMs() - (drainedAtMs ?? tools.nowMs());
  if (tookMs > DRAIN_WINDOW_MS / 2) {
    tools.say(
      `That took ${Math.round(tookMs / 1_000)} s: clients that came back meanwhile were sent away a second time.`,
    );
  }
  const url = tools.env.WORKER_URL || urls[0];
  if (!url)
    throw new Error(`version ${versionId} is deployed, but not to any address: set WORKER_URL to have it checked`);
  await checkVersion(url.replace(/\/+$/, ''), { id: versionId, commit }, tools);
}

/** The commit that is deployed, which is all that is deployed. */
async function readCommit({ git }: Tools): Promise<string> {
  const changes = await git(['status', '--porcelain']);
  if (changes.trim())
    throw new Error(`not committed, so nobody could say later what was deployed:\n${changes.trimEnd()}`);
  return (await git(['rev-parse', '--short=12', 'HEAD'])).trim();
}

async function checkSettings(environment: string, passedOn: string[], tools: Tools): Promise<void> {
  const [, file] = /(?:^| )--secrets-file[ =](\S+)/.exec(passedOn.join(' ')) ?? [];
  const given = file === undefined ? [] : await tools.readSecretNames(file);
  const secrets = [...given, ...(await tools.listSecrets(environment))];
  const faults = faultsOf({ ...tools.readConfig(environment), secrets });
  if (faults.length > 0) throw new Error(`${environment} cannot be deployed:\n${faults.join('\n')}`);
}

/** @returns when; null: nobody was sent away */
async function drainSessions({ env, say, nowMs }: Tools): Promise<number | null> {
  const { WORKER_URL: url, INGEST_SECRET: secret } = env;
  if (!url || !secret) {
    say('Without WORKER_URL and INGEST_SECRET nobody is sent away first: all clients will come back at once.');
    return null;
  }
  const atMs = nowMs();
  try {
    const timing = { windowMs: DRAIN_WINDOW_MS, timeoutMs: DRAIN_TIMEOUT_MS };
    say(`Sent away: ${await drain(url.replace(/\/+$/, ''), secret, timing)}`);
    return atMs;
  } catch (error) {
    say(`Nobody was sent away first: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}

async function checkVersion(url: string, deployed: { id: string; commit: string }, tools: Tools): Promise<void> {
  const untilMs = tools.nowMs() + ANSWERS_WITHIN_MS;
  let answer: string;
  do {
    answer = await ask(url);
    if (answer.includes(`"id":${JSON.stringify(deployed.id)}`)) {
      tools.say(`${url} answers as version ${deployed.id}, commit ${deployed.commit}.`);
      return;
    }
    await tools.wait(ASK_AGAIN_MS);
  } while (tools.nowMs() < untilMs);
  throw new Error(`version ${deployed.id} is deployed, but ${url}/api/health does not answer as it: ${answer}`);
}

async function ask(url: string): Promise<string> {
  try {
    const response = await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(ANSWER_MS) });
    return `${response.status} ${await response.text()}`;
  } catch (error) {
    return error instanceof Error ? `${error.message} ${error.cause ?? ''}`.trim() : String(error);
  }
}
