export type Labels = Readonly<Record<string, string>>;

interface Described {
  name: string;
  help: string;
}

/** Metrics of one name. Of a histogram `cumulative` counts what was at most each bound, and last everything. */
export type Family = Described &
  (
    | { type: 'counter' | 'gauge'; samples: readonly { labels: Labels; value: number }[] }
    | { type: 'histogram'; samples: readonly HistogramSample[] }
  );

export interface HistogramSample {
  labels: Labels;
  bounds: readonly number[];
  cumulative: readonly number[];
  sum: number;
}

export const PROMETHEUS_TEXT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** What Prometheus scrapes: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format */
export function prometheusText(families: readonly Family[]): string {
  return families.map(textOf).join('');
}

function textOf(family: Family): string {
  const { name, help, type } = family;
  const lines =
    type === 'histogram'
      ? family.samples.flatMap(sample => linesOf(name, sample))
      : family.samples.map(({ labels, value }) => line(name, labels, value));
  const about = [`# HELP ${name} ${escaped(help, /[\\\n]/g)}`, `# TYPE ${name} ${type}`];
  return `${[...about, ...lines].join('\n')}\n`;
}

function linesOf(name: string, { labels, bounds, cumulative, sum }: HistogramSample): string[] {
  const buckets = cumulative.map((count, i) =>
    line(`${name}_bucket`, { ...labels, le: numberText(bounds[i] ?? Number.POSITIVE_INFINITY) }, count),
  );
  return [...buckets, line(`${name}_sum`, labels, sum), line(`${name}_count`, labels, cumulative.at(-1)!)];
}

function line(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text, /[\\\n"]/g)}"`);
  return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${numberText(value)}`;
}

function escaped(text: string, what: RegExp): string {
  // Half a character is no UTF-8, and would have the whole scrape refused.
  return text.toWellFormed().replace(what, found => (found === '\n' ? '\\n' : `\\${found}`));
}

function numberText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value);
}
