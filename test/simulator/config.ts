import { parseArgs } from 'node:util';
import * as z from 'zod';

const schema = z.object({
  'redis-url': z.url({ protocol: /^rediss?$/, error: 'expected redis://host:port' }).optional(),
  seed: z.coerce.number().pipe(z.int()).default(1),
  rate: z.coerce.number().min(1).max(2_000).default(4),
  duration: z.coerce.number().min(0).default(0),
});

/** What the simulator is asked to do. */
export interface SimulatorConfig {
  /** Where to publish; null: to the parent process, as IPC messages. */
  redisUrl: string | null;
  seed: number;
  patternsPerSecond: number;
  /** Stops after so many milliseconds; Infinity never. */
  durationMs: number;
}

/**
 * Flags (`--redis-url`, `--seed`, `--rate` patterns a second 1-2000, `--duration` seconds, 0 = without end), or the
 * environment variables REDIS_URL, SEED, RATE, DURATION for those not given.
 * @throws Error naming the setting that is wrong
 */
export function readConfig(args: string[], env: Record<string, string | undefined>): SimulatorConfig {
  const names = Object.keys(schema.shape);
  const { values } = parseArgs({ args, options: Object.fromEntries(names.map(name => [name, { type: 'string' }])) });
  const given = Object.fromEntries(
    names.map(name => [name, values[name] || env[name.toUpperCase().replace('-', '_')] || undefined]),
  );
  const parsed = schema.safeParse(given);
  if (!parsed.success) throw new Error(`${parsed.error.issues[0]!.path.join('.')}: ${parsed.error.issues[0]!.message}`);
  const { 'redis-url': redisUrl = null, seed, rate, duration } = parsed.data;
  const durationMs = duration === 0 ? Number.POSITIVE_INFINITY : duration * 1_000;
  return { redisUrl, seed, patternsPerSecond: rate, durationMs };
}
