import { Hono } from 'hono';
import * as z from 'zod';
import type { Channels } from '../../shared/api/channels.ts';
import { bridgeNameOf } from '../../shared/ingest-protocol.ts';
import type { ChannelFacts } from '../hub/heard-channels.ts';
import { requiredOf, rootHub } from '../hubs.ts';
import type { AppEnv } from '../middleware/config.ts';
import { readQuery } from './parameters.ts';

/** `GET /api/channels`: who hears what on which channel, in which shapes, and what could not be read. */
export const channels = new Hono<AppEnv>().get('/', async c => {
  readQuery(c, z.strictObject({}));
  const facts = await requiredOf<ChannelFacts>(rootHub(c.env, 'system').readChannels());
  const answer: Channels = {
    generated_at: new Date().toISOString(),
    bridges: facts.reports.map(({ bridgeId, toldAtMs, isAlive }) => ({
      bridge_id: bridgeId,
      name: bridgeNameOf(bridgeId) ?? bridgeId,
      told_at: new Date(toldAtMs).toISOString(),
      alive: isAlive,
    })),
    channels: namesIn(facts).map(channel => tellOf(channel, facts)),
  };
  return c.json(answer);
});

function namesIn({ reports, rejects, notRouted }: ChannelFacts): string[] {
  const told = reports.flatMap(({ channels }) => channels);
  return [...new Set([...told, ...rejects, ...notRouted].map(({ channel }) => channel))].sort();
}

function tellOf(channel: string, { reports, times, rejects, notRouted }: ChannelFacts) {
  const heard = reports.flatMap(({ bridgeId, channels }) => {
    const told = channels.find(entry => entry.channel === channel);
    return told ? [{ bridgeId, ...told }] : [];
  });
  return {
    channel,
    kind: heard[0]?.kind ?? null,
    tier: heard[0]?.tier ?? null,
    last_message_at: isoOrNull(times[channel]?.lastMessageAtMs ?? null),
    shapes: [...new Set(heard.flatMap(({ shapes }) => shapes))],
    bridges: heard.map(({ bridgeId, channel: _, kind, tier, last_message_at_ms, ...counts }) => ({
      bridge_id: bridgeId,
      ...counts,
      last_message_at: isoOrNull(last_message_at_ms),
    })),
    rejects: rejects.filter(entry => entry.channel === channel).map(({ reason, count }) => ({ reason, count })),
    not_routed: notRouted.filter(entry => entry.channel === channel).map(({ kind, count }) => ({ kind, count })),
  };
}

function isoOrNull(atMs: number | null): string | null {
  return atMs === null ? null : new Date(atMs).toISOString();
}
