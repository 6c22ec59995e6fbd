import * as z from 'zod';
import type { Priority } from './priority.ts';
import { TIERS, type Tier, TOPICS, type Topic } from './topics.ts';

const unit = z.number().min(0).max(1);
const tapePolicySchema = z.strictObject({
  /** Events older than this (since receipt) leave the tape. */
  retention_ms: z.int().min(1_000),
  /** And the oldest leave it when there are more than this. */
  max_events: z.int().min(1),
});
const tierOnlySchema = z.strictObject({
  /** What REST and presets ask for when the caller names no `confidence_min`. */
  confidence_min: unit,
  page_size: z.int().min(1).max(200),
  /** Least confidence of each priority; below `medium` is low. */
  ladder: z.strictObject({ critical: unit, high: unit, medium: unit }),
});
const tierPolicySchema = tapePolicySchema.extend(tierOnlySchema.shape);

/** How a tier is treated: used by the bridge (ladder), the hubs (retention), REST and the dashboard (defaults). */
export type TierPolicy = z.infer<typeof tierPolicySchema>;
export type TapePolicy = z.infer<typeof tapePolicySchema>;
export type Policy = { [T in Tier]: TierPolicy } & { system: TapePolicy };

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const ladder = { critical: 0.9, high: 0.8, medium: 0.6 };
const max_events = 500_000;

export const DEFAULT_POLICY: Policy = {
  daily: { confidence_min: 0.6, page_size: 50, ladder, retention_ms: 7 * DAY_MS, max_events },
  intraday: { confidence_min: 0.7, page_size: 75, ladder, retention_ms: DAY_MS, max_events },
  combo: { confidence_min: 0.75, page_size: 25, ladder, retention_ms: 3 * DAY_MS, max_events },
  system: { retention_ms: 30 * DAY_MS, max_events },
};

const overridesSchema = z.strictObject({
  ...Object.fromEntries(TIERS.map(tier => [tier, tierPolicySchema.partial().optional()])),
  system: tapePolicySchema.partial().optional(),
});

/**
 * The policy with an operator's changes, as JSON text `{"daily":{"page_size":20}}`; empty text changes nothing.
 * @throws Error naming the field that is wrong
 */
export function readPolicy(json: string): Policy {
  if (json.trim() === '') return DEFAULT_POLICY;
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new Error('TIER_POLICY: is not JSON', { cause });
  }
  const parsed = overridesSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`TIER_POLICY: ${issue!.path.join('.')}: ${issue!.message}`);
  }
  const changes = parsed.data as Partial<Record<Topic, object>>;
  return Object.fromEntries(
    TOPICS.map(topic => [topic, { ...DEFAULT_POLICY[topic], ...changes[topic] }]),
  ) as unknown as Policy;
}

/** The priority that a tier's ladder gives to a confidence (0..1). */
export function priorityFor(policy: TierPolicy, confidence: number): Priority {
  if (confidence >= policy.ladder.critical) return 'critical';
  if (confidence >= policy.ladder.high) return 'high';
  if (confidence >= policy.ladder.medium) return 'medium';
  return 'low';
}
