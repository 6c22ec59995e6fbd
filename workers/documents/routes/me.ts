import * as z from 'zod';
import { kindSchema, meSchema, oneSubscriptionSchema, revisionSchema } from '../../../shared/api/me.ts';
import { deleteQuerySchema } from '../../../shared/requests/me.ts';
import { putSubscriptionSchema, subscriptionIdSchema, userDocumentSchemas } from '../../../shared/user-data.ts';
import { USER_KINDS } from '../../../shared/user-kinds.ts';
import { described, type Route } from '../route.ts';

const kindInPath = described(z.object({ kind: z.enum(USER_KINDS) }), { kind: 'The kind.' });
const idInPath = described(z.object({ id: subscriptionIdSchema }), {
  id: 'The subscription’s id, of the user’s choosing.',
});
const deleteQuery = described(deleteQuerySchema, { if_revision: 'Only while this is the revision.' });

const revision = 1795205203502;
const value = { name: 'Chips', topics: ['daily'], filter: { symbols: ['NVDA'] }, enabled: true };
const subscription = { id: 'chips', ...value };

const common = { tag: 'User', access: 'caller' } as const;
const gone = {
  name: 'Revision',
  schema: revisionSchema,
  example: { revision },
  description: 'It is kept no more, or was not there; the revision is this.',
};

export const me: Route[] = [
  {
    ...common,
    method: 'get',
    path: '/api/me',
    summary: 'All that is kept of the user',
    description: 'Every change raises `revision`; 0 means that nothing is kept.',
    answer: {
      name: 'Me',
      schema: meSchema,
      example: {
        identity: { user_id: 'guest-3fe2b1c4-5d6e-4f70-8a91-b2c3d4e5f607', guest: true, role: 'user', topics: null },
        revision,
        subscriptions: [subscription],
        views: [{ name: 'Morning', query: 'd=conf%3E=60&v=ggg' }],
        stars: ['["daily","NVDA","Doji",null,"up"]'],
        mutes: ['TSLA'],
        settings: { theme: 'dark' },
      },
      description: 'Who asks, and all items by kind.',
    },
    problems: ['bad_parameter', 'hub_unavailable'],
  },
  {
    ...common,
    method: 'get',
    path: '/api/me/{kind}',
    summary: 'All items of a kind',
    inPath: kindInPath,
    answer: {
      name: 'UserKind',
      schema: kindSchema,
      example: { revision, mutes: ['TSLA'] },
      description: 'The items, under their kind’s name.',
    },
    problems: ['bad_parameter', 'not_found', 'hub_unavailable'],
  },
  {
    ...common,
    method: 'put',
    path: '/api/me/{kind}',
    summary: 'Replace all items of a kind',
    description: 'With `if_revision` only while that is the revision. Writing what is there already changes nothing.',
    inPath: kindInPath,
    body: {
      name: 'UserKindRequest',
      schema: z.union(USER_KINDS.map(kind => userDocumentSchemas[kind])),
      example: { mutes: ['AAPL'], if_revision: revision },
    },
    answer: {
      name: 'UserKind',
      schema: kindSchema,
      example: { revision, mutes: ['AAPL'] },
      description: 'The items as they are kept.',
    },
    problems: [
      'bad_parameter',
      'bad_body',
      'over_limit',
      'not_found',
      'revision_conflict',
      'too_large',
      'hub_unavailable',
    ],
  },
  {
    ...common,
    method: 'delete',
    path: '/api/me/{kind}',
    summary: 'Keep no item of a kind',
    inPath: kindInPath,
    query: deleteQuery,
    answer: gone,
    problems: ['bad_parameter', 'not_found', 'revision_conflict', 'hub_unavailable'],
  },
  {
    ...common,
    method: 'get',
    path: '/api/me/subscriptions/{id}',
    summary: 'One subscription',
    inPath: idInPath,
    answer: {
      name: 'OneSubscription',
      schema: oneSubscriptionSchema,
      example: { revision, subscription },
      description: 'The subscription.',
    },
    problems: ['bad_parameter', 'not_found', 'hub_unavailable'],
  },
  {
    ...common,
    method: 'put',
    path: '/api/me/subscriptions/{id}',
    summary: 'Write one subscription',
    description: 'With `if_revision` only while that is the revision.',
    inPath: idInPath,
    body: { name: 'SubscriptionRequest', schema: putSubscriptionSchema, example: value },
    answer: {
      name: 'OneSubscription',
      schema: oneSubscriptionSchema,
      example: { revision, subscription },
      description: 'The subscription as it is kept.',
    },
    problems: ['bad_parameter', 'bad_body', 'over_limit', 'revision_conflict', 'too_large', 'hub_unavailable'],
  },
  {
    ...common,
    method: 'delete',
    path: '/api/me/subscriptions/{id}',
    summary: 'Keep one subscription no more',
    inPath: idInPath,
    query: deleteQuery,
    answer: gone,
    problems: ['bad_parameter', 'revision_conflict', 'hub_unavailable'],
  },
];
