import { CHANNELS } from '../../shared/channels.ts';
import type { Publish } from '../redis-rest.ts';
import type { Source, SourceHandler } from '../source.ts';
import type { Child } from './child.ts';
import { startSimulator } from './simulator.ts';

const RESTART_MS = 1_000;

/** A source that takes jobs too. */
export interface Feed extends Source {
  publish: Publish;
}

/** Takes Redis's place: the simulator, whose messages come straight to the bridge, and which gets the jobs. Started again when it ends. */
export function createFeed(patternsPerSecond: number): Feed {
  let handler: SourceHandler | null = null;
  let simulator: Child | null = null;
  let reason = 'the simulator has not started';
  let timer: NodeJS.Timeout | undefined;

  async function run(): Promise<void> {
    try {
      simulator = await startSimulator({ redisUrl: null, patternsPerSecond });
      simulator.process.on('message', message => {
        const { channel, raw } = message as { channel: string; raw: string };
        const receivedAtMs = Date.now();
        handler?.onMessage({ channel, raw, receivedAtMs });
        handler?.onAlive(receivedAtMs);
      });
      handler?.onOpen(Date.now());
      reason = await simulator.failed;
      handler?.onClose(reason);
    } catch (error) {
      reason = `simulator: ${(error as Error).message}`;
    }
    simulator = null;
    if (handler) timer = setTimeout(run, RESTART_MS);
  }

  return {
    start(to) {
      handler = to;
      run();
    },
    async publish(channel, raw) {
      // As Redis would say: nobody listens.
      if (!simulator?.process.connected) return 0;
      simulator.process.send({ channel, raw });
      return 1;
    },
    async stop() {
      handler = null;
      clearTimeout(timer);
      await simulator?.stop();
    },
    listeningTo() {
      return { subscribed: simulator !== null, subscribers: null };
    },
    status() {
      const channelsWanted = Object.keys(CHANNELS).length;
      const connected = simulator !== null;
      return {
        connected,
        latencyMs: null,
        channelsSubscribed: connected ? channelsWanted : 0,
        channelsWanted,
        reasons: connected ? [] : [reason],
      };
    },
  };
}
