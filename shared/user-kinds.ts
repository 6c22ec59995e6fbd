/** What is kept of a user, by kind; an **item** is one subscription, view, star, mute or setting. */
export const USER_KINDS = ['subscriptions', 'views', 'stars', 'mutes', 'settings'] as const;
export type UserKind = (typeof USER_KINDS)[number];

export function isUserKind(word: string): word is UserKind {
  return (USER_KINDS as readonly string[]).includes(word);
}

/** How much is kept of one user. Bytes are those of the items' ids and values, as JSON in UTF-8. */
export const USER_LIMITS = {
  max_items: { subscriptions: 200, views: 100, stars: 1_000, mutes: 1_000, settings: 20 },
  max_kind_bytes: 65_536,
  max_user_bytes: 262_144,
  /** Changes in one message. */
  max_changes: 200,
  max_sockets: 32,
} as const;

/** Longest name of a subscription or view, in characters. */
export const MAX_NAME_LENGTH = 40;
/** Longest query of a view, in characters. */
export const MAX_QUERY_LENGTH = 60_000;
/** Longest id of a star, in characters. */
export const MAX_STAR_LENGTH = 400;
