import { findNodeAtLocation, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { type Reference, referenceSchema } from '../../shared/reference.ts';

/**
 * Reads a file of reference data.
 * @throws Error of one line that names the line and the field, e.g. `line 7: symbols.3.sector: is empty`
 */
export function readReference(json: string): Reference {
  const errors: ParseError[] = [];
  const tree = parseTree(json, errors, { disallowComments: true });
  const [error] = errors;
  if (error) throw new Error(`line ${lineAt(json, error.offset)}: is not JSON (${printParseErrorCode(error.error)})`);
  const parsed = referenceSchema.safeParse(JSON.parse(json));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue!.path as (string | number)[];
  const said = [path.join('.'), issue!.message].filter(Boolean).join(': ');
  throw new Error(`line ${lineAt(json, offsetOf(path))}: ${said}`);

  /** Of what stands there; of what should, that of the thing that lacks it. */
  function offsetOf(path: (string | number)[]): number {
    const node = tree && findNodeAtLocation(tree, path);
    if (node) return node.offset;
    return path.length > 0 ? offsetOf(path.slice(0, -1)) : 0;
  }
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
