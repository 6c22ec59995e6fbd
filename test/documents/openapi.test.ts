import { Validator as SchemaValidator } from '@cfworker/json-schema';
import { Validator as DocumentValidator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { openApiDocument } from '../../workers/documents/openapi.ts';
import { contentsOf } from '../../workers/documents/route.ts';
import { ROUTES } from '../../workers/documents/routes.ts';

describe('the OpenAPI document', () => {
  it('is one of version 3.1', async () => {
    const { valid, errors } = await new DocumentValidator().validate({ ...openApiDocument({ strict: false }) });
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
  });

  it('gives every route one place, and its operation a name of its own', () => {
    const places = ROUTES.map(({ method, path }) => `${method} ${path}`);
    expect(new Set(places).size).toBe(places.length);
    const names = operations().map(({ operationId }) => operationId);
    expect(new Set(names).size).toBe(names.length);
  });

  for (const route of ROUTES) {
    it(`has examples for ${route.method} ${route.path} that are of their schemas, and leave nothing out that is told of`, () => {
      for (const { name, example } of contentsOf(route)) expect(faults(name, example)).toEqual([]);
    });
  }
});

const strict = openApiDocument({ strict: true });

function operations() {
  return Object.values(strict.paths ?? {}).flatMap(path => Object.values(path as object)) as { operationId: string }[];
}

function faults(name: string, value: unknown) {
  const schema = { $ref: `#/components/schemas/${name}`, components: strict.components };
  return new SchemaValidator(schema, '2020-12', false).validate(value).errors;
}
