import { flatPattern, type Stack } from '../../support/stack.ts';

const CHANNEL = 'tickstock.events.patterns';

/** Publishes patterns on Redis in this order, as the producer does; each is another detection. */
export async function publish(stack: Stack, ...patterns: Record<string, unknown>[]): Promise<void> {
  const pipeline = stack.producer.pipeline();
  for (const pattern of patterns) pipeline.publish(CHANNEL, JSON.stringify(flatPattern(pattern)));
  await pipeline.exec();
}

let made = 0;

/** A symbol that no other test has used: `T1`, `T2`, … */
export function newSymbol(prefix = 'T'): string {
  made++;
  return `${prefix}${made}`;
}
