import type { CreateDocumentOptions } from 'zod-openapi';
import { objectSchema } from '../../shared/events.ts';
import { keptItemSchema } from '../../shared/user-protocol.ts';

/**
 * How zod's schemas become JSON Schema.
 * @param strict what is answered has no field beyond those of its schema; else nothing is said of others
 */
export function schemaRules(strict: boolean): CreateDocumentOptions {
  return {
    allowEmptySchema: { custom: true },
    override: ({ zodSchema, jsonSchema, io }) => {
      const { def } = zodSchema._zod;
      if (zodSchema === objectSchema) jsonSchema.type = 'object';
      if (zodSchema === keptItemSchema) {
        for (const keyword of Object.keys(jsonSchema)) delete jsonSchema[keyword];
        jsonSchema.$ref = '#/components/schemas/UserItem';
      }
      // Every whole number is safe; that goes without saying.
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (def.type !== 'object' || io !== 'output') return;
      if (strict) jsonSchema.additionalProperties = false;
      else if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  };
}
