/** How a client speaks to each system: what it sends, and what it makes of a message that has no event in it. */
import type { Filter } from '../../shared/filter.ts';

export const WIRES = ['ours', 'socketio', 'json'] as const;
/** `json`: the two lines that PartyServer, ws and the floor are spoken to with. */
export type WireName = (typeof WIRES)[number];

export interface Wire {
  protocol: string | null;
  /** Sends what asks for these events, once greeted, and from then on instead of what was asked for before. */
  subscribe(to: WireSession, filter: Filter): void;
  onOpen(session: WireSession): void;
  /** A message without an event. */
  onControl(session: WireSession, text: string): void;
  /** Notes what a resume needs of a message with events; asked for only while resumes are measured. */
  notePosition(session: WireSession, payload: Buffer): void;
}

/** A client's side of one connection, and what it knows of the ones before. */
export interface WireSession {
  filter: Filter;
  /** With which a resume begins; of our own wire, and of Socket.IO's. */
  position: Record<string, unknown> | null;
  /** Whether what was missed is to be asked for. */
  resumes: boolean;
  send(text: string): void;
  /** Subscribed, and told of all that was missed. */
  ready(how: { recovered: boolean }): void;
  fail(why: string): void;
}

const ours: Wire = {
  protocol: 'tickstock.v1',
  subscribe(session, filter) {
    const resume = session.resumes && session.position ? { resume: session.position } : {};
    session.send(JSON.stringify({ type: 'subscribe', id: 'bench', filter, ...resume }));
  },
  onOpen() {},
  onControl(session, text) {
    if (text.startsWith('{"type":"hello"')) {
      if (!session.position) session.position = positionIn(text);
      ours.subscribe(session, session.filter);
    } else if (text.startsWith('{"type":"subscribed"')) {
      if (text.endsWith('"recovered":null}')) session.ready({ recovered: false });
      else if (text.endsWith('"recovered":false}')) session.fail(text);
    } else if (text.startsWith('{"type":"events"')) {
      if (text.includes('"done":true')) session.ready({ recovered: true });
    } else if (!text.startsWith('{"type":"heartbeat"')) {
      session.fail(text);
    }
  },
  notePosition(session, payload) {
    session.position = positionIn(payload.toString('latin1', 0, 120)) ?? session.position;
    if (session.resumes && payload.includes('"done":true')) session.ready({ recovered: true });
  },
};

function positionIn(text: string): Record<string, unknown> | null {
  const [, epoch, head] = /"epoch":"([^"]+)","head":(\d+)/.exec(text) ?? [];
  return epoch === undefined ? null : { epoch, seq: Number(head) };
}

/** engine.io 4 and socket.io 5 over WebSocket alone, by hand: `socket.io-client` would cost more than the other clients do. */
const socketio: Wire = {
  protocol: null,
  subscribe(session, filter) {
    session.send(`42${JSON.stringify(['subscribe', filter])}`);
  },
  onOpen() {},
  onControl(session, text) {
    if (text === '2') {
      session.send('3');
    } else if (text.startsWith('0')) {
      session.send(`40${session.resumes && session.position ? JSON.stringify(session.position) : ''}`);
    } else if (text.startsWith('40')) {
      const { pid } = JSON.parse(text.slice(2)) as { pid?: string };
      const isRecovered = pid !== undefined && pid === session.position?.pid;
      if (pid !== undefined && !isRecovered) session.position = { pid };
      if (isRecovered) session.ready({ recovered: true });
      else socketio.subscribe(session, session.filter);
    } else if (text.startsWith('42["subscribed"')) {
      session.ready({ recovered: false });
    } else {
      session.fail(text);
    }
  },
  notePosition(session, payload) {
    const [, offset] = /"([^"]+)"\]$/.exec(payload.toString('latin1', payload.length - 60)) ?? [];
    if (offset !== undefined) session.position = { ...session.position, offset };
  },
};

const json: Wire = {
  protocol: null,
  subscribe(session, filter) {
    session.send(JSON.stringify({ type: 'subscribe', filter }));
  },
  onOpen(session) {
    json.subscribe(session, session.filter);
  },
  onControl(session, text) {
    if (text.startsWith('{"type":"subscribed"')) session.ready({ recovered: false });
    else session.fail(text);
  },
  notePosition() {},
};

export const wires: Record<WireName, Wire> = { ours, socketio, json };
