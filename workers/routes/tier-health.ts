import type { Context } from 'hono';
import type { TierHealthAnswer, TiersHealth } from '../../shared/api/tiers-health.ts';
import { CHANNELS } from '../../shared/channels.ts';
import type { Tier } from '../../shared/topics.ts';
import { rejectRates } from '../core/reject-rates.ts';
import { type TierChannel, tierHealth } from '../core/tier-health.ts';
import type { ChannelFacts } from '../hub/heard-channels.ts';
import type { HubVitals } from '../hub/report.ts';
import { answerOf, rootHub } from '../hubs.ts';
import type { AppEnv } from '../middleware/config.ts';
import { readableTiers } from '../middleware/rights.ts';

/** `GET /api/patterns/tiers/health`: per tier whether its data is alive; a hub that does not answer is `unreachable`. */
export async function tiersHealth(c: Context<AppEnv>): Promise<Response> {
  const tiers = readableTiers(c);
  const calls = tiers.map(tier => answerOf<HubVitals>(rootHub(c.env, tier).readVitals()));
  const heard = await answerOf<ChannelFacts>(rootHub(c.env, 'system').readChannels());
  const vitals = await Promise.all(calls);
  const nowMs = Date.now();
  const facts = 'value' in heard ? heard.value : null;
  const answers = tiers.map((tier, i) => [tier, answerFor(tier, vitals[i]!, facts, nowMs)] as const);
  const worst = (['unreachable', 'stale', 'degraded'] as const).find(status =>
    answers.some(([, answer]) => answer.status === status),
  );
  const answer: TiersHealth = { status: worst ?? 'ok', tiers: Object.fromEntries(answers) };
  return c.json(answer);
}

function answerFor(
  tier: Tier,
  vitals: { value: HubVitals } | { error: string },
  facts: ChannelFacts | null,
  nowMs: number,
): TierHealthAnswer {
  // null where the counts cannot be had: not knowing is not zero.
  const rejects = facts && rejectsOf(tier, facts);
  if ('error' in vitals) return { topic: tier, status: 'unreachable', reasons: [vitals.error], rejects };
  const { bridges, ...told } = vitals.value;
  const channels = facts && channelsOf(tier, facts, nowMs);
  const { status, reasons } = tierHealth(
    {
      tier,
      heartbeatAgeMs: told.heartbeat_age_ms,
      bridges,
      lastMessageAtMs: msOrNull(told.last_message_at),
      lastEventAtMs: msOrNull(told.last_event_at),
      channels,
    },
    nowMs,
  );
  return { ...told, topic: tier, status, reasons, bridges: bridges.length, rejects };
}

/** By the tables of the bridges that tell theirs, else by our own. */
function tierOf(channel: string, { reports }: ChannelFacts): Tier | null {
  for (const { channels } of reports) {
    const told = channels.find(entry => entry.channel === channel);
    if (told) return told.tier;
  }
  return CHANNELS[channel]?.tier ?? null;
}

function rejectsOf(tier: Tier, facts: ChannelFacts): number {
  return facts.rejects
    .filter(({ channel }) => tierOf(channel, facts) === tier)
    .reduce((sum, { count }) => sum + count, 0);
}

/** Those that bridges which post now want to hear; null when none has told. */
function channelsOf(tier: Tier, { reports, times, rejectMinutes }: ChannelFacts, nowMs: number): TierChannel[] | null {
  const alive = reports.filter(({ isAlive }) => isAlive).map(({ channels }) => channels);
  if (alive.length === 0) return null;
  const told = alive.flat().filter(entry => entry.kind === 'pattern' && entry.tier === tier);
  return [...new Set(told.map(({ channel }) => channel))].map(channel => {
    const isListenedTo = told.some(
      entry => entry.channel === channel && entry.subscribed !== false && entry.subscribers !== 0,
    );
    const known = times[channel];
    const listenedSinceMs = isListenedTo ? (known?.listenedSinceMs ?? null) : null;
    return {
      channel,
      listenedSinceMs,
      lastMessageAtMs: known?.lastMessageAtMs ?? null,
      rejects: rejectRates(rejectMinutes, channel, listenedSinceMs, nowMs),
    };
  });
}

function msOrNull(iso: string | null): number | null {
  return iso === null ? null : Date.parse(iso);
}
