import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { Channels } from '../../../shared/api/channels.ts';
import type { Sessions } from '../../../shared/api/sessions.ts';
import { sessionAt } from '../../live/calendar.ts';
import { ApiError } from '../api.ts';
import { calendar } from '../header/market.ts';
import { clockOffsetMs } from '../header/producer.ts';
import { now } from '../now.ts';
import { isPaused } from '../page-state.ts';
import { poll } from '../poll.ts';
import {
  getChannels,
  getOperations,
  getRejects,
  getSessions,
  getTierHealth,
  type Rejects,
  type TierHealth,
} from './api.ts';
import { Growth } from './growth.ts';
import { type Lane, makeLanes } from './lanes.ts';
import { groupKey } from './reject-groups.ts';
import { OperationsWindow } from './window.ts';

const EVERY_MS = 2_000;
/** What changes more slowly, or costs more to ask for. */
const SELDOM_MS = 4_000;
const MAX_SESSIONS = 20;

/** What goes wrong with asking. */
export interface Trouble {
  kind: 'sign_in' | 'forbidden' | 'failed';
  words: string;
}

/** What operators look at, as it comes in while somebody looks; nothing changes while the page is paused. */
export class Sources {
  readonly lanes = signal<Lane[] | null>(null);
  readonly window = new OperationsWindow();
  readonly health = signal<TierHealth | null>(null);
  readonly channels = signal<Channels | null>(null);
  readonly rejects = signal<Rejects | null>(null);
  readonly sessions = signal<Sessions | null>(null);
  readonly trouble = signal<Trouble | null>(null);
  /** When what was answered longest ago was, by the local clock; null = nothing was. */
  readonly updatedAtMs = signal<number | null>(null);
  /** Whether the exchange is in regular trading; null = not known. */
  readonly isTrading: ReadonlySignal<boolean | null> = computed(() => {
    const session = calendar.value && sessionAt(calendar.value, serverNowMs());
    return session && session.session === 'regular';
  });
  readonly #messages = new Growth();
  readonly #rejects = new Growth();
  readonly #answeredAtMs = new Map<unknown, number>();
  readonly #troubles = new Map<unknown, Trouble>();
  readonly #ends: (() => void)[];

  constructor() {
    this.#ends = [
      this.#follow(EVERY_MS, getOperations, answer => {
        this.window.add(answer);
        this.lanes.value = makeLanes({
          window: this.window,
          messagesPerMinute: this.#messages.perMinute('all'),
          nowMs: Date.parse(answer.generated_at),
          isTrading: this.isTrading.peek(),
        });
      }),
      this.#follow(EVERY_MS, getChannels, answer => {
        this.#messages.add(...messagesOf(answer));
        this.channels.value = answer;
      }),
      this.#follow(EVERY_MS, getRejects, answer => {
        const counts = answer.counts.map(({ channel, reason, count }) => [groupKey(channel, reason), count] as const);
        this.#rejects.add(Date.now(), new Map(counts));
        this.rejects.value = answer;
      }),
      this.#follow(SELDOM_MS, getTierHealth, answer => {
        this.health.value = answer;
      }),
      this.#follow(
        SELDOM_MS,
        signal => getSessions(MAX_SESSIONS, signal),
        answer => {
          this.sessions.value = answer;
        },
      ),
    ];
  }

  /** What a channel brings a minute; null = not known. */
  messagesPerMinute(channel: string): number | null {
    return this.#messages.perMinute(channel);
  }

  rejectsPerMinute(channel: string, reason: string): number | null {
    return this.#rejects.perMinute(groupKey(channel, reason));
  }

  end(): void {
    for (const end of this.#ends) end();
  }

  #follow<Answer>(everyMs: number, ask: (signal: AbortSignal) => Promise<Answer>, take: (answer: Answer) => void) {
    return poll({
      everyMs,
      ask,
      onAnswer: answer => {
        if (isPaused.peek()) return;
        take(answer);
        this.#answeredAtMs.set(ask, Date.now());
        this.updatedAtMs.value = Math.min(...this.#answeredAtMs.values());
        this.#troubles.delete(ask);
        this.#tellTrouble();
      },
      onFailure: error => {
        const trouble = troubleOf(error);
        this.#troubles.set(ask, trouble);
        this.#tellTrouble();
        // Asking again would be refused again, and counted each time.
        if (trouble.kind === 'forbidden') this.end();
      },
    });
  }

  #tellTrouble(): void {
    const all = [...this.#troubles.values()];
    this.trouble.value = all.find(({ kind }) => kind === 'forbidden') ?? all[0] ?? null;
  }
}

/** Reads signals. */
export function serverNowMs(): number {
  return now.value - clockOffsetMs();
}

/** Each bridge hears all: of several the one that heard most says what came. */
function messagesOf({ bridges, channels }: Channels): [atMs: number, counts: Map<string, number>] {
  const counts = new Map<string, number>();
  for (const { channel, bridges } of channels) {
    counts.set(channel, Math.max(0, ...bridges.map(({ messages }) => messages)));
  }
  counts.set(
    'all',
    [...counts.values()].reduce((sum, count) => sum + count, 0),
  );
  return [Math.max(0, ...bridges.map(({ told_at }) => Date.parse(told_at))), counts];
}

function troubleOf(error: unknown): Trouble {
  const status = error instanceof ApiError ? error.status : null;
  const words = error instanceof ApiError ? error.message : 'the server gives no answer';
  return { kind: status === 401 ? 'sign_in' : status === 403 ? 'forbidden' : 'failed', words };
}
