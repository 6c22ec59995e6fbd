import { SESSION_LIMITS } from '../../../shared/limits.ts';

type Changes = Record<string, unknown>;

export const hello = (changes: Changes = {}) => ({
  type: 'hello',
  protocol: 1,
  topic: 'daily',
  session_id: 'x',
  epoch: 'e1',
  head: 100,
  oldest: 1,
  heartbeat_ms: 15_000,
  limits: SESSION_LIMITS,
  identity: { user_id: 'u', guest: true },
  server_at_ms: 1_000_000,
  ...changes,
});
export const subscribed = (id: string, changes: Changes = {}) => ({
  type: 'subscribed',
  id,
  filter: {},
  position: { epoch: 'e1', seq: 100 },
  recovered: null,
  ...changes,
});
export const events = (head: number, seqs: number[], changes: Changes = {}) => ({
  type: 'events',
  epoch: 'e1',
  head,
  events: seqs.map(seq => ({ seq })),
  ...changes,
});
export const replay = (id: string, head: number, seqs: number[], done: boolean, changes: Changes = {}) =>
  events(head, seqs, { replay: true, id, done, ...changes });
export const heartbeat = (head: number, changes: Changes = {}) => ({
  type: 'heartbeat',
  head,
  last_event_at: null,
  bridge_at_ms: 1,
  bridges: 1,
  server_at_ms: 1_000_000,
  ...changes,
});
export const gap = (seq: number, changes: Changes = {}) => ({
  type: 'gap',
  epoch: 'e1',
  seq,
  from: '2026-11-20T14:30:00.000Z',
  to: '2026-11-20T14:31:00.000Z',
  reason: 'bridge_absent',
  ...changes,
});
export const error = (code: string, changes: Changes = {}) => ({
  type: 'error',
  code,
  message: 'no',
  retryable: code === 'rate_limited',
  ...changes,
});
