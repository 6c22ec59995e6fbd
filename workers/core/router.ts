import { priorityOf, type TopicEvent } from '../../shared/events.ts';
import { type Priority, priorityRank, raisePriority } from '../../shared/priority.ts';
import type { Topic } from '../../shared/topics.ts';
import { LruCache } from './lru-cache.ts';
import type { Condition, Rule } from './router-rules.ts';

/** What the rules decided about an event; stored with it, so that a backfill treats it as the flush did. */
export interface Decision {
  priority: Priority;
  /** To every session of the topic, whatever it subscribed to; else the index decides. */
  broadcast: boolean;
  /** Skips the flush window. */
  immediate: boolean;
  /** Sessions of one group share it: one of them gets it. */
  shared: boolean;
  tags: readonly string[];
  /** The ids of the rules that held, in order. */
  rules: readonly string[];
}

/** How routing treats a stored row, as bits of its `routing`. */
export const ROUTING = { broadcast: 1, shared: 2, immediate: 4 } as const;

export function routingBits({ broadcast, shared, immediate }: Decision): number {
  return (broadcast ? ROUTING.broadcast : 0) | (shared ? ROUTING.shared : 0) | (immediate ? ROUTING.immediate : 0);
}

export const CACHE_LIMITS = { maxEntries: 1_000, ttlMs: 5 * 60_000 };

/**
 * Decides how events are routed, by a short list of rules. A decision depends on nothing but the fields that the rules
 * read, and is cached by their values; changing the rules empties the cache.
 */
export class Router {
  readonly #topic: Topic;
  readonly #cache = new LruCache<Decision>(CACHE_LIMITS);
  #rules: Rule[];
  #fields: string[][] = [];
  hits = 0;
  misses = 0;

  constructor(topic: Topic, rules: readonly Rule[]) {
    this.#topic = topic;
    this.#rules = [];
    this.#useRules([...rules]);
  }

  get rules(): readonly Rule[] {
    return this.#rules;
  }

  get cachedDecisions(): number {
    return this.#cache.size;
  }

  /** Adds a rule after the others, or in the place of the one with its id. */
  add(rule: Rule): void {
    const at = this.#rules.findIndex(({ id }) => id === rule.id);
    this.#useRules(at < 0 ? [...this.#rules, rule] : this.#rules.with(at, rule));
  }

  remove(id: string): void {
    this.#useRules(this.#rules.filter(rule => rule.id !== id));
  }

  decide(event: TopicEvent, nowMs: number): Decision {
    const key = JSON.stringify([
      event.kind,
      priorityOf(event),
      ...this.#fields.map(path => this.#read(event, path) ?? null),
    ]);
    const cached = this.#cache.get(key, nowMs);
    if (cached) {
      this.hits++;
      return cached;
    }
    this.misses++;
    const decision = this.#apply(event);
    this.#cache.set(key, decision, nowMs);
    return decision;
  }

  #useRules(rules: Rule[]): void {
    this.#rules = rules;
    const fields = new Set(rules.flatMap(({ when }) => (when.all ?? []).map(({ field }) => field)));
    this.#fields = [...fields].filter(field => field !== 'priority' && field !== 'kind').map(field => field.split('.'));
    this.#cache.clear();
  }

  #apply(event: TopicEvent): Decision {
    const decision = {
      priority: priorityOf(event),
      broadcast: false,
      immediate: false,
      shared: false,
      tags: [] as string[],
      rules: [] as string[],
    };
    for (const rule of this.#rules) {
      if (!this.#holds(rule, event, decision.priority)) continue;
      if (rule.strategy === 'content_based') decision.broadcast = false;
      if (rule.strategy === 'broadcast_all') decision.broadcast = true;
      if (rule.strategy === 'priority_first') decision.immediate = true;
      if (rule.strategy === 'load_balanced') decision.shared = true;
      if (rule.priority) decision.priority = raised(decision.priority, rule.priority);
      decision.tags.push(...(rule.tags ?? []));
      decision.rules.push(rule.id);
    }
    return decision;
  }

  #holds({ when }: Rule, event: TopicEvent, priority: Priority): boolean {
    if (when.kinds && !when.kinds.includes(event.kind)) return false;
    return (when.all ?? []).every(condition =>
      isMet(condition, condition.field === 'priority' ? priority : this.#read(event, condition.field.split('.'))),
    );
  }

  #read(event: TopicEvent, path: string[]): unknown {
    if (path[0] === 'topic') return this.#topic;
    let value: unknown = event;
    for (const key of path) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
      value = (value as Record<string, unknown>)[key];
    }
    return value;
  }
}

function raised(own: Priority, by: Priority | 'raise'): Priority {
  const wanted = by === 'raise' ? raisePriority(own) : by;
  return priorityRank(wanted) > priorityRank(own) ? wanted : own;
}

function isMet(condition: Condition, value: unknown): boolean {
  const { equals, one_of, min, max, contains } = condition;
  if (equals !== undefined && value !== equals) return false;
  if (one_of !== undefined && !one_of.some(wanted => wanted === value)) return false;
  if (min !== undefined && !(typeof value === 'number' && value >= min)) return false;
  if (max !== undefined && !(typeof value === 'number' && value <= max)) return false;
  if (contains === undefined) return true;
  return (typeof value === 'string' || Array.isArray(value)) && value.includes(contains);
}
