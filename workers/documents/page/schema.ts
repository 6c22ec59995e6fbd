import { html } from 'hono/html';
import { type Html, inline } from './prose.ts';

/** What of JSON Schema the documents use. */
export interface JsonSchema {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  enum?: unknown[];
  const?: unknown;
  additionalProperties?: JsonSchema | boolean;
  propertyNames?: JsonSchema;
  description?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
}

/** A schema in words, and below it the fields of the objects that it names no other place for. */
export function schemaView(schema: JsonSchema): Html {
  return html`<p class="shape">${typeOf(schema)}</p>${fieldsOf(schema)}`;
}

/** E.g. `number from 0 to 1`, `array of Filter`, `"up" or "down" or null`. */
export function typeOf(schema: JsonSchema): Html {
  const { $ref, allOf, items, type } = schema;
  const choices = schema.anyOf ?? schema.oneOf;
  if ($ref) return reference($ref);
  if (schema.const !== undefined) return value(schema.const);
  if (schema.enum) return either(schema.enum.map(value));
  if (choices) return either(choices.map(typeOf));
  if (allOf) return typeOf(allOf[0]!);
  if (items) return html`array of ${typeOf(items)}${limits(schema)}`;
  const { additionalProperties: rest } = schema;
  if (type === 'object' && typeof rest === 'object' && Object.keys(rest).length > 0)
    return html`object of ${typeOf(rest)}`;
  if (type === undefined) return html`anything`;
  return html`${typeof type === 'string' ? type : type.join(' or ')}${limits(schema)}`;
}

function fieldsOf(schema: JsonSchema): Html | '' {
  const objects = objectsOf(schema);
  if (objects.length === 0) return '';
  return html`${objects.map(
    ({ properties = {}, required = [] }) =>
      html`<ul class="fields">${Object.entries(properties).map(
        ([name, field]) => html`<li>
        <code class="name">${name}</code>
        <span class="type">${typeOf(field)}</span>
        ${required.includes(name) ? '' : html`<span class="optional">optional</span>`}
        ${field.description ? html`<span class="words">${inline(field.description)}</span>` : ''}
        ${fieldsOf(field)}
      </li>`,
      )}</ul>`,
  )}`;
}

/** The objects with fields that a schema describes right here. */
function objectsOf(schema: JsonSchema): JsonSchema[] {
  if (schema.properties) return [schema];
  const parts = schema.anyOf ?? schema.oneOf ?? (schema.items ? [schema.items] : []);
  const { additionalProperties: rest } = schema;
  return [...parts, ...(typeof rest === 'object' ? [rest] : [])].flatMap(objectsOf);
}

function reference($ref: string): Html {
  const name = $ref.slice($ref.lastIndexOf('/') + 1);
  return html`<a href="#schema-${name}">${name}</a>`;
}

function value(constant: unknown): Html {
  return html`<code>${JSON.stringify(constant)}</code>`;
}

function either(choices: Html[]): Html {
  return html`${choices.map((choice, at) => (at === 0 ? choice : html` or ${choice}`))}`;
}

function limits(schema: JsonSchema): string {
  const { minimum, maximum, minLength, maxLength, minItems, maxItems } = schema;
  const said = [
    range(minimum, maximum, ''),
    range(minLength, maxLength, ' characters'),
    range(minItems, maxItems, ' items'),
    schema.pattern ? `matching ${schema.pattern}` : '',
  ];
  const words = said.filter(Boolean).join(', ');
  return words && `, ${words}`;
}

function range(from: number | undefined, to: number | undefined, unit: string): string {
  if (from !== undefined && to !== undefined) return `${from} to ${to}${unit}`;
  if (from !== undefined) return `at least ${from}${unit}`;
  return to === undefined ? '' : `at most ${to}${unit}`;
}
