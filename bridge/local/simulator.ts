import { randomInt } from 'node:crypto';
import { type Child, startChild } from './child.ts';
import { inRepository } from './paths.ts';

export interface SimulatorOptions {
  /** Where it publishes; null: to this process, as messages `{channel, raw}`. */
  redisUrl: string | null;
  patternsPerSecond: number;
  /** Another one each time by default: a seed also decides the ids that outcomes name. */
  seed?: number;
}

/** The process that stands in for TickStockPL. */
export function startSimulator({
  redisUrl,
  patternsPerSecond,
  seed = randomInt(2 ** 31),
}: SimulatorOptions): Promise<Child> {
  const flags = [`--rate=${patternsPerSecond}`, `--seed=${seed}`, ...(redisUrl ? [`--redis-url=${redisUrl}`] : [])];
  return startChild('simulator', process.execPath, [inRepository('test/simulator/main.ts'), ...flags], {
    env: {},
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
}
