/** One line of what is measured against targets. */
export interface Row {
  what: string;
  /** null where none is set. */
  target: string | null;
  measured: string;
  /** null where there is nothing to be under. */
  ok: boolean | null;
}

export interface Table {
  head: readonly string[];
  rows: readonly (readonly string[])[];
}

/** What a workload has to tell. */
export interface Section {
  title: string;
  tables: readonly Table[];
  targets: readonly Row[];
  /** All of it in figures, for `bench.json`. */
  figures: unknown;
}

/** The value at quantile `q` of sorted numbers. */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))]!;
}

export function median(values: readonly number[]): number {
  return quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  );
}

/** Milliseconds of each of `times` calls, sorted. */
export function timeEach(times: number, call: (i: number) => void): Float64Array {
  const took = new Float64Array(times);
  for (let i = 0; i < times; i++) {
    const startedAt = performance.now();
    call(i);
    took[i] = performance.now() - startedAt;
  }
  return took.sort();
}

export function ms(value: number): string {
  return `${value < 0.1 ? value.toFixed(4) : value < 10 ? value.toFixed(2) : value.toFixed(0)} ms`;
}

export function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** In three digits. */
export function short(value: number): string {
  return value >= 100 ? whole(value) : value.toPrecision(value < 1 ? 2 : 3);
}

export function printSection({ title, tables }: Section): void {
  console.log(`\n## ${title}`);
  for (const table of tables) print(table);
}

export function printTable(rows: readonly Row[]): void {
  const cells = rows.map(({ what, target, measured, ok }) => {
    const met = ok === null ? '' : ok ? 'met' : 'MISSED';
    return [what, target ?? '', measured, met];
  });
  print({ head: ['what', 'target', 'measured', ''], rows: cells });
}

function print({ head, rows }: Table): void {
  const lines = [head, head.map(() => '---'), ...rows];
  const widths = head.map((_, column) => Math.max(...lines.map(line => line[column]!.length)));
  console.log('');
  for (const line of lines) console.log(`| ${line.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`);
}
