import { USER_TOPIC } from '../../../shared/topics.ts';
import { Connection, type ConnectionParts } from '../../client/connection.ts';
import { Rest } from '../../client/rest.ts';
import { defaultRuntime } from '../../client/runtime.ts';
import { Tickets } from '../../client/tickets.ts';
import { askToSignIn, currentToken } from '../sign-in/session.ts';

/** A connection to what is the user's own, to be dialled. */
export function userConnection({ onFrame, onState }: Pick<ConnectionParts, 'onFrame' | 'onState'>): Connection {
  const runtime = defaultRuntime();
  const rest = new Rest({ url: location.origin, runtime, token: currentToken, onUnauthorised: askToSignIn });
  const tickets = new Tickets(rest);
  return new Connection({
    url: `${location.origin.replace(/^http/, 'ws')}/ws/${USER_TOPIC}`,
    runtime,
    ticket: () => tickets.get(USER_TOPIC),
    onFrame,
    onRoundTrip: () => {},
    onState,
  });
}
