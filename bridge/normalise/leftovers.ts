import type { Levels } from './levels.ts';

/**
 * What no field tells, as the event's `data`.
 *
 * The body's own keys stand at its top, and with them those of the outer levels, the nearer first, where the name is
 * free. An outer key whose name is taken by another value stands in `envelope`, and in that one's `envelope` when it is
 * taken there as well. Where a producer uses that name itself, ours gets underscores (`envelope_`) until nobody does.
 *
 * @param told whether a field of the event holds the very same value as this key
 */
export function leftovers(levels: Levels, told: (key: string, value: unknown) => boolean): Record<string, unknown> {
  const [body, ...outer] = levels;
  const layers = [new Map(untold(body.value, null, told))];
  for (const { value, inner } of outer) {
    for (const [key, item] of untold(value, inner, told)) place(layers, key, item);
  }
  // Object.fromEntries defines properties, so a key `__proto__` stays a key.
  return layers.length === 1 ? Object.fromEntries(layers[0]!) : nest(layers, freeName(layers));
}

function untold(
  value: Readonly<Record<string, unknown>>,
  inner: string | null,
  told: (key: string, value: unknown) => boolean,
): [string, unknown][] {
  return Object.entries(value).filter(([key, item]) => key !== inner && !told(key, item));
}

function place(layers: Map<string, unknown>[], key: string, item: unknown): void {
  for (const layer of layers) {
    if (!layer.has(key)) {
      layer.set(key, item);
      return;
    }
    if (layer.get(key) === item) return;
  }
  layers.push(new Map([[key, item]]));
}

function freeName(layers: readonly Map<string, unknown>[]): string {
  let name = 'envelope';
  while (layers.some(layer => layer.has(name))) name += '_';
  return name;
}

function nest(layers: readonly Map<string, unknown>[], name: string): Record<string, unknown> {
  const [first, ...rest] = layers;
  const entries = [...first!];
  if (rest.length > 0) entries.push([name, nest(rest, name)]);
  return Object.fromEntries(entries);
}
