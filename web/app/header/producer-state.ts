import type { Event } from '../../client/client.ts';

export type Health = Extract<Event, { kind: 'system_health' }>;
export type Session = Extract<Event, { kind: 'streaming_session' }>;
export type Alert = Extract<Event, { kind: 'critical_alert' }>;

/** What the producer has last said of itself; null = nothing of that kind yet. */
export interface ProducerState {
  readonly health: Health | null;
  readonly session: Session | null;
  readonly alert: Alert | null;
}

export const UNHEARD: ProducerState = { health: null, session: null, alert: null };

/**
 * The state after some more events. The producer's own times tell which is newer: after a tape has begun anew its
 * positions tell nothing. The same state when nothing in it is newer.
 */
export function heard(state: ProducerState, events: readonly Event[]): ProducerState {
  let { health, session, alert } = state;
  for (const event of events) {
    if (event.kind === 'system_health') health = newer(health, event);
    else if (event.kind === 'streaming_session') session = newer(session, event);
    else if (event.kind === 'critical_alert') alert = newer(alert, event);
  }
  const isSame = health === state.health && session === state.session && alert === state.alert;
  return isSame ? state : { health, session, alert };
}

export type Tone = 'ok' | 'warn' | 'err' | 'muted';

/** How bad a status is that the producer sent, for colours; a word nobody knows is neither good nor bad. */
export function toneOf(status: string | null): Tone {
  switch (status?.toLowerCase()) {
    case 'healthy':
    case 'ok':
    case 'info':
      return 'ok';
    case 'degraded':
    case 'warning':
      return 'warn';
    case 'error':
    case 'unhealthy':
    case 'critical':
      return 'err';
    default:
      return 'muted';
  }
}

function newer<Kind extends Event>(known: Kind | null, event: Kind): Kind {
  return known === null || event.detected_at >= known.detected_at ? event : known;
}
