import { CHANNELS } from '../../shared/channels.ts';
import { MAX_RAW_MESSAGE_BYTES } from '../../shared/limits.ts';
import { readBacktest } from './backtest.ts';
import { rejected } from './common.ts';
import { isRouted, recognise } from './kinds.ts';
import { readOutcome } from './outcome.ts';
import { parseJson } from './parse-json.ts';
import { readPatterns } from './pattern.ts';
import { readSystem } from './system.ts';
import { exceedsBytes } from './text.ts';
import { isObject, type NormaliseDeps, type Outcome, type RawMessage, type ReadContext } from './types.ts';

export type { NormaliseDeps, Outcome, RawMessage } from './types.ts';

/**
 * Reads one Redis message in whatever shape its producer wrote it: events in canonical form, and for what is none of
 * ours why not.
 *
 * Never throws and never answers with nothing. The outcomes are in the order of the message's items; each event passes
 * `ingestEventSchema`, and every key and value of its message comes back in a field of it or in its `data`.
 */
export function normalise(message: RawMessage, { policy, hash, channels = CHANNELS }: NormaliseDeps): Outcome[] {
  const context: ReadContext = { message, deps: { policy, hash, channels } };
  if (exceedsBytes(message.raw, MAX_RAW_MESSAGE_BYTES)) return [rejected(context, 'too_large')];
  const parsed = parseJson(message.raw);
  if ('error' in parsed) return [rejected(context, parsed.error)];
  const root = parsed.value;
  const channel = Object.hasOwn(channels, message.channel) ? channels[message.channel] : undefined;
  if (!isObject(root)) {
    return channel === undefined || isRouted(channel.kind)
      ? [rejected(context, 'bad_shape')]
      : [{ notRouted: channel.kind }];
  }
  // What a consumer publishes when it starts, to see whether it may.
  if (typeof root.test === 'string' && Object.keys(root).length === 1) return [{ probe: true }];

  const recognised = recognise(root, channel);
  if ('unknown' in recognised) return [{ notRouted: recognised.unknown }];
  const { kind } = recognised;
  if (kind === 'pattern') return readPatterns(context, root);
  if (kind === 'outcome') return readOutcome(context, root);
  if (kind === 'backtest_progress' || kind === 'backtest_result') return readBacktest(context, root, kind);
  return isRouted(kind) ? readSystem(context, root, kind) : [{ notRouted: kind }];
}
