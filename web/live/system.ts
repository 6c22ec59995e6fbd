import type { Event, TickstockClient, TopicClient } from '../client/client.ts';
import type { Announcer } from './announcer.ts';
import { part, setText } from './dom.ts';
import type { Paintable, Painter } from './painter.ts';
import { ageWords, exchangeTime, stateWords } from './words.ts';

const SUBSCRIPTION = 'page';
const SNAPSHOT = 20;

type Health = Extract<Event, { kind: 'system_health' }>;
type Alert = Extract<Event, { kind: 'critical_alert' }>;

/** The producer as a whole, in the page's header: its health as it last said, and its newest alert. */
export class System implements Paintable {
  readonly #topic: TopicClient;
  readonly #painter: Painter;
  readonly #announcer: Announcer;
  #health: Health | null = null;
  #alert: Alert | null = null;

  constructor(client: TickstockClient, painter: Painter, announcer: Announcer) {
    this.#painter = painter;
    this.#announcer = announcer;
    this.#topic = client.topic('system');
    this.#topic.on('events', ({ events }) => {
      for (const event of events) this.#take(event);
    });
    this.#topic.on('state', () => painter.request(this));
    this.#topic.subscribe({ id: SUBSCRIPTION, snapshot: SNAPSHOT });
    painter.add(this);
  }

  paint(nowMs: number): void {
    const root = document.querySelector<HTMLElement>('[data-system]')!;
    const { name, glyph, words } = stateWords(this.#topic.state, nowMs);
    root.dataset.state = name;
    setText(part(root, 'link'), `${glyph} System: ${words}`);
    root.dataset.health = this.#health?.status ?? 'unknown';
    setText(part(root, 'health'), this.#healthWords(nowMs - (this.#topic.clockOffset?.offsetMs ?? 0)));
    setText(part(document, 'clock'), exchangeTime(nowMs, nowMs));

    const banner = part(document, 'alert');
    banner.hidden = this.#alert === null;
    if (this.#alert) setText(banner, alertWords(this.#alert, nowMs));
  }

  #take(event: Event): void {
    if (event.kind === 'system_health' && isNewer(event, this.#health)) this.#health = event;
    if (event.kind === 'critical_alert' && isNewer(event, this.#alert)) {
      this.#alert = event;
      this.#announcer.say('Producer', alertWords(event, Date.now()));
    }
    this.#painter.request(this);
  }

  #healthWords(nowMs: number): string {
    if (!this.#health) return 'Producer: not heard of yet';
    const { status, detected_at } = this.#health;
    return `Producer: ${status ?? 'no status sent'}, ${ageWords(nowMs - Date.parse(detected_at))} ago`;
  }
}

/** The tape's order tells; after its beginning anew, the producer's own time does. */
function isNewer(event: Event, known: Event | null): boolean {
  return known === null || event.detected_at >= known.detected_at;
}

function alertWords({ severity, message, component, detected_at }: Alert, nowMs: number): string {
  const from = component ? `${component}: ` : '';
  return `Producer alert (${severity ?? 'no severity'}), ${exchangeTime(Date.parse(detected_at), nowMs)}: ${from}${message ?? 'no message'}`;
}
