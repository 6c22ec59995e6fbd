import * as z from 'zod';
import { countFilterValues } from './filter.ts';
import { filterSchema } from './filter-schema.ts';
import { MAX_ID_LENGTH, SESSION_LIMITS } from './limits.ts';
import { TOPICS } from './topics.ts';
import {
  MAX_NAME_LENGTH,
  MAX_QUERY_LENGTH,
  MAX_STAR_LENGTH,
  USER_KINDS,
  USER_LIMITS,
  type UserKind,
} from './user-kinds.ts';

/** Text that names something: what could not be written down and read again as it was is refused. */
const word = (maxLength: number) =>
  z
    .string()
    .min(1)
    .max(maxLength)
    .refine(text => text.isWellFormed() && !text.includes('\0'), 'is no well-formed text');
const name = word(MAX_NAME_LENGTH).refine(text => text.trim() === text, 'begins or ends with a blank');

const subscriptionId = word(MAX_ID_LENGTH);
/** What columns ask for under a name. */
export const subscriptionSchema = z.strictObject({
  name,
  topics: z
    .array(z.enum(TOPICS))
    .min(1)
    .refine(topics => new Set(topics).size === topics.length, 'names a topic twice'),
  filter: filterSchema.superRefine((filter, check) => {
    const { max_filter_values, max_filter_bytes } = SESSION_LIMITS;
    if (countFilterValues(filter) > max_filter_values) check.addIssue(`over ${max_filter_values} listed values`);
    if (JSON.stringify(filter).length > max_filter_bytes) check.addIssue(`over ${max_filter_bytes} bytes of JSON`);
  }),
  /** false = kept, and not asked for. */
  enabled: z.boolean(),
});
export type UserSubscription = z.infer<typeof subscriptionSchema> & { id: string };

/** All columns' filters and views, as the query string of a link. */
const viewSchema = z.strictObject({ query: word(MAX_QUERY_LENGTH) });

/** `["daily","NVDA","Doji",null,"up"]`: tier, symbol, pattern type, timeframe and direction. */
const star = word(MAX_STAR_LENGTH).refine(isStar, 'expected JSON: [tier, symbol, pattern type, timeframe, direction]');
const symbol = word(20).refine(text => text === text.trim().toUpperCase(), 'expected a symbol in capitals');

/** A setting that is not kept has its default. */
const SETTINGS = {
  theme: z.enum(['system', 'dark', 'light']),
  palette: z.enum(['default', 'western', 'east_asian']),
  density: z.enum(['default', 'compact']),
  clock: z.enum(['exchange', 'local']),
  /** The keyboard: whether single keys do anything, and the user's keys by command. */
  keys: z.strictObject({
    is_on: z.boolean(),
    overrides: z.record(z.string().max(100), z.array(z.string().max(50)).max(10)),
  }),
  tour_seen: z.boolean(),
};

const settingChanges = Object.entries(SETTINGS).map(([id, value]) =>
  z.strictObject({ kind: z.literal('settings'), id: z.literal(id), value: value.nullable() }),
);
type SettingChange = {
  [Id in keyof typeof SETTINGS]: { kind: 'settings'; id: Id; value: z.infer<(typeof SETTINGS)[Id]> | null };
}[keyof typeof SETTINGS];

/** One item as it is to be; value null: it is to be no more. */
export const userChangeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('subscriptions'), id: subscriptionId, value: subscriptionSchema.nullable() }),
  z.strictObject({ kind: z.literal('views'), id: name, value: viewSchema.nullable() }),
  z.strictObject({ kind: z.literal('stars'), id: star, value: z.literal(true).nullable() }),
  z.strictObject({ kind: z.literal('mutes'), id: symbol, value: z.literal(true).nullable() }),
  z.discriminatedUnion('id', settingChanges as [(typeof settingChanges)[number], ...typeof settingChanges]),
]);
export type UserChange = Exclude<z.infer<typeof userChangeSchema>, { kind: 'settings' }> | SettingChange;

/** An item as it is kept; as a change of one, null = it is kept no more. */
export interface UserItem {
  kind: UserKind;
  id: string;
  value: UserChange['value'];
}

/** What REST takes and gives of each kind: a list, or for settings an object. */
export const documentSchemas = {
  subscriptions: z.array(subscriptionSchema.extend({ id: subscriptionId })).max(USER_LIMITS.max_items.subscriptions),
  views: z.array(viewSchema.extend({ name })).max(USER_LIMITS.max_items.views),
  stars: z.array(star).max(USER_LIMITS.max_items.stars),
  mutes: z.array(symbol).max(USER_LIMITS.max_items.mutes),
  settings: z.strictObject(SETTINGS).partial(),
} satisfies Record<UserKind, z.ZodType>;

const if_revision = z.int().min(0).optional();

/** `{"stars":[…],"if_revision":7}`: all items of a kind. */
export const userDocumentSchemas = Object.fromEntries(
  USER_KINDS.map(kind => [kind, z.strictObject({ [kind]: documentSchemas[kind], if_revision })]),
) as unknown as Record<UserKind, z.ZodType<{ if_revision?: number } & { [K in UserKind]?: unknown }>>;

/** `{"name":"…","topics":["daily"],"filter":{…},"enabled":true,"if_revision":7}`: one subscription, whose id is in the path. */
export const putSubscriptionSchema = subscriptionSchema.extend({ if_revision });
export const subscriptionIdSchema = subscriptionId;

/** The items of a kind's document. */
export function itemsOf(kind: UserKind, document: unknown): UserItem[] {
  switch (kind) {
    case 'subscriptions':
      return (document as UserSubscription[]).map(({ id, ...value }) => ({ kind, id, value }));
    case 'views':
      return (document as { name: string; query: string }[]).map(({ name, ...value }) => ({ kind, id: name, value }));
    case 'settings':
      return Object.entries(document as Record<string, SettingChange['value']>).map(([id, value]) => ({
        kind,
        id,
        value,
      }));
    default:
      return (document as string[]).map(id => ({ kind, id, value: true }));
  }
}

/** The document of a kind, out of all items. */
export function documentOf(kind: UserKind, items: readonly UserItem[]): unknown {
  const own = items.filter(item => item.kind === kind);
  switch (kind) {
    case 'subscriptions':
      return own.map(({ id, value }) => ({ id, ...(value as object) }));
    case 'views':
      return own.map(({ id, value }) => ({ name: id, ...(value as object) }));
    case 'settings':
      return Object.fromEntries(own.map(({ id, value }) => [id, value]));
    default:
      return own.map(({ id }) => id);
  }
}

function isStar(text: string): boolean {
  try {
    const parts: unknown = JSON.parse(text);
    if (!Array.isArray(parts) || parts.length !== 5 || JSON.stringify(parts) !== text) return false;
    const [tier, symbol, patternType, ...rest] = parts;
    const isNamed = [tier, symbol, patternType].every(part => typeof part === 'string' && part !== '');
    return isNamed && rest.every(part => part === null || typeof part === 'string');
  } catch {
    // Not JSON.
    return false;
  }
}
