/** What one hub carries. The three tiers are TickStockPL's; `system` carries what is about the producer itself. */
export const TIERS = ['daily', 'intraday', 'combo'] as const;
export type Tier = (typeof TIERS)[number];

export const TOPICS = [...TIERS, 'system'] as const;
export type Topic = (typeof TOPICS)[number];

/** The topic of a user's own WebSocket; what it carries is on no tape. */
export const USER_TOPIC = 'me';
/** What a WebSocket can be opened for. */
export const SOCKET_TOPICS = [...TOPICS, USER_TOPIC] as const;
export type SocketTopic = (typeof SOCKET_TOPICS)[number];

export function isTier(word: string): word is Tier {
  return (TIERS as readonly string[]).includes(word);
}

export function isTopic(word: string): word is Topic {
  return (TOPICS as readonly string[]).includes(word);
}

export function isSocketTopic(word: string): word is SocketTopic {
  return (SOCKET_TOPICS as readonly string[]).includes(word);
}
