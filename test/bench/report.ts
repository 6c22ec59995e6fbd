/** One line of the bench's table. */
export interface Row {
  what: string;
  /** What the original system set itself; null where it named nothing. */
  target: string | null;
  measured: string;
  /** null where there is nothing to be under. */
  ok: boolean | null;
}

/** The value at quantile `q` of sorted numbers. */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))]!;
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

export function printTable(rows: readonly Row[]): void {
  console.log('\n| what | target | measured | |\n|---|---|---|---|');
  for (const { what, target, measured, ok } of rows) {
    console.log(`| ${what} | ${target ?? ''} | ${measured} | ${ok === null ? '' : ok ? 'met' : 'MISSED'} |`);
  }
}
