import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { clientMessageSchema, serverMessageSchema } from '../../shared/client-protocol.ts';
import { eventSchema, ingestEventSchema } from '../../shared/events.ts';
import { filterSchema } from '../../shared/filter-schema.ts';
import { ingestBatchSchema } from '../../shared/ingest-protocol.ts';
import { PROTOCOL_VERSION } from '../../shared/limits.ts';
import { userDocumentSchemas } from '../../shared/user-data.ts';
import { changeMessageSchema, userMessageSchema } from '../../shared/user-protocol.ts';

/** The wire as it is agreed: the version, and the hash of the schemas that go with it. */
const AGREED = { version: 1, hash: '69cb63a7793be111' };

const WHAT_TO_DO = `The schemas of the wire have changed.
By accident? Take the change back.
An addition that clients of version ${AGREED.version} can ignore (a new optional field, kind or frame)? Put the new hash into AGREED.
Anything else breaks them: raise PROTOCOL_VERSION in shared/limits.ts, and put both into AGREED.`;

it('the schemas of the wire are those of the protocol version', () => {
  const schemas = {
    event: eventSchema,
    ingestEvent: ingestEventSchema,
    filter: filterSchema,
    clientMessage: clientMessageSchema,
    serverMessage: serverMessageSchema,
    ingestBatch: ingestBatchSchema,
    userChange: changeMessageSchema,
    userMessage: userMessageSchema,
    ...userDocumentSchemas,
  };
  const asJson = Object.entries(schemas).map(([name, schema]) => [
    name,
    z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }),
  ]);
  const hash = createHash('sha256').update(canonical(asJson)).digest('hex').slice(0, 16);
  expect({ version: PROTOCOL_VERSION, hash }, WHAT_TO_DO).toEqual(AGREED);
});

/** JSON with sorted keys, so that the order in which fields are declared does not count. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
