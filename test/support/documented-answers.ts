import { type Schema, Validator } from '@cfworker/json-schema';
import { openApiDocument } from '../../workers/documents/openapi.ts';

/** What somebody asked, and what was answered: `body` is the JSON, or undefined when it was none. */
export interface Answered {
  method: string;
  path: string;
  status: number;
  contentType: string | null;
  body: unknown;
}

interface Operation {
  method: string;
  path: string;
  pattern: RegExp;
  responses: Record<string, Response>;
}

interface Response {
  content?: Record<string, { schema: Schema }> | undefined;
}

const document = openApiDocument({ strict: true });
const operations = readOperations();
const validators = new Map<string, Validator>();

/** Each `get /api/patterns/{tier} 200` that the document has. */
export const documentedAnswers: readonly string[] = operations.flatMap(operation =>
  Object.keys(operation.responses).map(status => nameOf(operation, status)),
);

/** Which of `documentedAnswers` it is, and what about it is otherwise than written down. */
export function checkAnswer(answered: Answered): { name: string | null; faults: string[] } {
  const { method, path, status, contentType, body } = answered;
  const told = `${method} ${path} answered ${status}`;
  const operation = operations.find(candidate => candidate.method === method && candidate.pattern.test(path));
  // There is no such route; that it says so is checked as any problem is.
  if (!operation && status < 400) return { name: null, faults: [`${told}, and is not written down`] };
  const name = operation ? nameOf(operation, status) : null;
  const response: Response | undefined = operation ? operation.responses[status] : { content: PROBLEM };
  if (!response) return { name, faults: [`${told}: the status is not written down: ${JSON.stringify(body)}`] };
  const mediaType = contentType?.split(';')[0] ?? '';
  if (!response.content) return { name, faults: [] };
  const content = response.content[mediaType];
  if (!content) return { name, faults: [`${told}: its type, ${contentType}, is not written down`] };
  if (body === undefined) return { name, faults: [] };
  const validator = validatorOf(name ?? 'problem', content.schema);
  const faults = validator.validate(body).errors.map(fault => `${told}: ${fault.instanceLocation}: ${fault.error}`);
  return { name, faults: faults.length > 0 ? [...faults, `${told}: ${JSON.stringify(body)}`] : [] };
}

const PROBLEM: Response['content'] = {
  'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
};

function readOperations(): Operation[] {
  const all = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Pick<Operation, 'responses'>>).map(([method, { responses }]) => {
      return { method, path, pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`), responses };
    }),
  );
  // What is written out goes before what is named: `/api/patterns/performance` is no tier's.
  return all.sort((a, b) => a.path.split('{').length - b.path.split('{').length);
}

function nameOf({ method, path }: Operation, status: number | string): string {
  return `${method} ${path} ${status}`;
}

function validatorOf(name: string, schema: Schema): Validator {
  const known = validators.get(name);
  if (known) return known;
  const validator = new Validator({ ...schema, components: document.components }, '2020-12', false);
  validators.set(name, validator);
  return validator;
}
