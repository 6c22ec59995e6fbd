import { type Schema, Validator } from '@cfworker/json-schema';
import { asyncApiDocument } from '../../workers/documents/asyncapi.ts';
import { TOPIC_FRAMES, USER_FRAMES } from '../../workers/documents/frames.ts';

const { components } = asyncApiDocument({ strict: true });
const FRAMES = { topic: TOPIC_FRAMES, me: USER_FRAMES };
const validators = new Map<string, Validator>();

/** A frame's JSON, or the text itself where it is none. */
export function readFrame(text: string): unknown {
  return text.startsWith('{') ? JSON.parse(text) : text;
}

/** Which of a channel's documented messages a frame is, and what about it is otherwise than written down. */
export function checkFrame(
  channel: keyof typeof FRAMES,
  frame: unknown,
): { name: string | undefined; faults: string[] } {
  // A question and its answer may be of one kind.
  const [first, ...others] = FRAMES[channel]
    .filter(({ example }) => kindOf(example) === kindOf(frame))
    .map(({ name }) => ({ name, faults: faultsOf(name, frame) }));
  if (!first) return { name: undefined, faults: [`not written down: ${JSON.stringify(frame)}`] };
  return [first, ...others].find(({ faults }) => faults.length === 0) ?? first;
}

function faultsOf(name: string, frame: unknown): string[] {
  return validatorOf(name)
    .validate(frame)
    .errors.map(({ instanceLocation, error }) => `${name} ${instanceLocation}: ${error}`);
}

/** What tells one message of a channel from the others. */
function kindOf(frame: unknown): string {
  if (typeof frame === 'string') return frame;
  const { type, replay } = frame as { type: string; replay?: true };
  return replay ? `${type} replay` : type;
}

function validatorOf(name: string): Validator {
  const known = validators.get(name);
  if (known) return known;
  const schema: Schema = { $ref: `#/components/schemas/${name}`, components };
  const validator = new Validator(schema, '7', false);
  validators.set(name, validator);
  return validator;
}
