import * as z from 'zod';
import { EVENT_KINDS } from '../../shared/events.ts';
import { PRIORITIES } from '../../shared/priority.ts';

/** How an event finds its sessions. Several may hold at once: each matching rule adds its own. */
export const STRATEGIES = ['content_based', 'broadcast_all', 'priority_first', 'load_balanced'] as const;
export type Strategy = (typeof STRATEGIES)[number];

/** Fields that differ from event to event; a decision that depended on them could not be cached. */
const NEVER_READ = ['id', 'seq', 'detected_at', 'hops', 'flow_id', 'producer_id', 'expires_at', 'detection_at'];

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const conditionSchema = z
  .strictObject({
    /** A field of the event, or a path into one: `tier`, `data.risk_level`; or `topic`. */
    field: z
      .string()
      .min(1)
      .refine(path => !NEVER_READ.includes(path.split('.')[0]!), 'is different in every event'),
    equals: scalar.optional(),
    one_of: z.array(scalar).min(1).optional(),
    min: z.number().optional(),
    max: z.number().optional(),
    /** Text that holds this text, or a list that holds this value. */
    contains: z.string().min(1).optional(),
  })
  .refine(({ field: _, ...tests }) => Object.keys(tests).length > 0, 'asks nothing of its field');
export type Condition = z.infer<typeof conditionSchema>;

export const ruleSchema = z.strictObject({
  id: z.string().min(1).max(64),
  when: z.strictObject({
    kinds: z.array(z.enum(EVENT_KINDS)).min(1).optional(),
    all: z.array(conditionSchema).optional(),
  }),
  strategy: z.enum(STRATEGIES).optional(),
  /** A priority for the event, never lower than its own; `raise` = one step up. */
  priority: z.enum(['raise', ...PRIORITIES]).optional(),
  tags: z.array(z.string().min(1).max(64)).optional(),
});

/**
 * A routing rule: what it is about (`when`; all conditions must hold) and what it decides. Rules apply in order, and a
 * later one sees the priority that earlier ones gave.
 */
export type Rule = z.infer<typeof ruleSchema>;

export const DEFAULT_RULES: readonly Rule[] = [
  {
    id: 'combo-raise',
    when: {
      kinds: ['pattern'],
      all: [
        { field: 'tier', equals: 'combo' },
        { field: 'correlation_strength', min: 0.8 },
      ],
    },
    priority: 'raise',
  },
  { id: 'by-content', when: {}, strategy: 'content_based' },
  { id: 'system-to-all', when: { all: [{ field: 'topic', equals: 'system' }] }, strategy: 'broadcast_all' },
  { id: 'critical-first', when: { all: [{ field: 'priority', equals: 'critical' }] }, strategy: 'priority_first' },
  { id: 'groups-share', when: {}, strategy: 'load_balanced' },
];

/** Told apart by `remove`, so that an error names the field that is wrong and not just the entry. */
const changeSchema = z.discriminatedUnion('remove', [
  z.strictObject({ id: z.string(), remove: z.literal(true) }),
  ruleSchema.extend({ remove: z.undefined().optional() }),
]);

/**
 * The default rules with an operator's changes, as JSON text: each entry is a rule, which replaces one of the same id
 * or comes last, or `{"id": "…", "remove": true}`. Empty text changes nothing.
 * @throws Error naming the entry and field that is wrong
 */
export function readRules(json: string): Rule[] {
  const rules = [...DEFAULT_RULES];
  if (json.trim() === '') return rules;
  let entries: unknown;
  try {
    entries = JSON.parse(json);
  } catch (cause) {
    throw new Error('ROUTER_RULES: is not JSON', { cause });
  }
  const parsed = z.array(changeSchema).safeParse(entries);
  if (!parsed.success) throw new Error(`ROUTER_RULES: ${z.prettifyError(parsed.error)}`);
  for (const change of parsed.data) {
    const at = rules.findIndex(rule => rule.id === change.id);
    if (change.remove) {
      if (at < 0) throw new Error(`ROUTER_RULES: no rule "${change.id}" to remove`);
      rules.splice(at, 1);
    } else if (at < 0) rules.push(change);
    else rules[at] = change;
  }
  return rules;
}
