import { type Context, Hono } from 'hono';
import { deleteQuerySchema } from '../../shared/requests/me.ts';
import { noParameters } from '../../shared/requests/parameters.ts';
import {
  documentOf,
  itemsOf,
  putSubscriptionSchema,
  subscriptionIdSchema,
  type UserItem,
  userDocumentSchemas,
} from '../../shared/user-data.ts';
import { isUserKind, USER_KINDS, type UserKind } from '../../shared/user-kinds.ts';
import { requiredOf, userHub } from '../hubs.ts';
import type { AppEnv } from '../middleware/config.ts';
import { Problem, problemResponse } from '../problem.ts';
import type { UserWrite, UserWritten } from '../user/user-hub.ts';
import type { UserState } from '../user/user-store.ts';
import { badBody, readJson } from './json-body.ts';
import { readQuery } from './parameters.ts';

/** A document of the largest kind, written with room to spare. */
const MAX_BODY_BYTES = 256 * 1024;

/** `/api/me`: what is kept of who asks, and of nobody else. */
export const me = new Hono<AppEnv>()
  .get('/', async c => {
    readQuery(c, noParameters);
    const { revision, items } = await read(c);
    const documents = Object.fromEntries(USER_KINDS.map(kind => [kind, documentOf(kind, items)]));
    return c.json({ identity: c.var.identity, revision, ...documents });
  })
  .get('/subscriptions/:id', async c => {
    readQuery(c, noParameters);
    const { revision, items } = await read(c);
    const [subscription] = subscriptionsOf(items, c.req.param('id'));
    if (!subscription) throw new Problem(404, 'not_found', 'no subscription has this id', 'id');
    return c.json({ revision, subscription });
  })
  .put('/subscriptions/:id', async c => {
    readQuery(c, noParameters);
    const id = subscriptionIdSchema.safeParse(c.req.param('id'));
    if (!id.success) throw new Problem(400, 'bad_parameter', `id: ${id.error.issues[0]!.message}`, 'id');
    const { if_revision: ifRevision, ...value } = await readJson(c, putSubscriptionSchema, MAX_BODY_BYTES);
    const item: UserItem = { kind: 'subscriptions', id: id.data, value };
    return write(c, { changes: [item], ifRevision }, state => ({
      subscription: subscriptionsOf(state.items, id.data)[0],
    }));
  })
  .delete('/subscriptions/:id', async c => {
    const { if_revision: ifRevision } = readQuery(c, deleteQuerySchema);
    const item: UserItem = { kind: 'subscriptions', id: c.req.param('id'), value: null };
    return write(c, { changes: [item], ifRevision }, () => ({}));
  })
  .get('/:kind', async c => {
    const kind = kindOf(c);
    readQuery(c, noParameters);
    const { revision, items } = await read(c);
    return c.json({ revision, [kind]: documentOf(kind, items) });
  })
  .put('/:kind', async c => {
    const kind = kindOf(c);
    readQuery(c, noParameters);
    const body = await readJson(c, userDocumentSchemas[kind], MAX_BODY_BYTES);
    const changes = itemsOf(kind, body[kind]);
    const seen = new Set<string>();
    for (const [at, { id }] of changes.entries()) {
      if (seen.has(id)) throw badBody(`${kind}.${at}`, 'is there twice');
      seen.add(id);
    }
    return write(c, { changes, replaces: kind, ifRevision: body.if_revision }, state => ({
      [kind]: documentOf(kind, state.items),
    }));
  })
  .delete('/:kind', async c => {
    const replaces = kindOf(c);
    const { if_revision: ifRevision } = readQuery(c, deleteQuerySchema);
    return write(c, { changes: [], replaces, ifRevision }, () => ({}));
  });

function read(c: Context<AppEnv>): Promise<UserState> {
  return requiredOf(userHub(c.env, c.var.identity.user_id).read());
}

/** Writes, and answers with what is kept now: also when that is why nothing was written. */
async function write(c: Context<AppEnv>, asked: UserWrite, shown: (state: UserState) => object): Promise<Response> {
  const written = await requiredOf<UserWritten>(userHub(c.env, c.var.identity.user_id).write(asked));
  if ('excess' in written) {
    throw new Problem(
      400,
      'over_limit',
      written.excess.message,
      asked.replaces ?? asked.changes[written.excess.at]?.kind,
    );
  }
  if ('state' in written) return c.json({ revision: written.state.revision, ...shown(written.state) });
  const { revision } = written.conflict;
  return problemResponse(409, 'revision_conflict', `if_revision: it is ${revision} by now`, 'if_revision', {
    extension: { current: { revision, ...shown(written.conflict) } },
  });
}

function subscriptionsOf(items: readonly UserItem[], id: string): unknown[] {
  return documentOf(
    'subscriptions',
    items.filter(item => item.id === id),
  ) as unknown[];
}

/** @throws Problem 404 */
function kindOf(c: Context<AppEnv>): UserKind {
  const kind = c.req.param('kind') ?? '';
  if (!isUserKind(kind)) throw new Problem(404, 'not_found', `nothing is kept under "${kind}"`);
  return kind;
}
