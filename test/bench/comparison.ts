/** Windows of several systems as tables: medians, and ours against each other one. */
import { median, ms, short, type Table, whole } from './report.ts';
import type { SystemName } from './systems.ts';
import type { Measured, Windows } from './window.ts';

/** Of each figure the median of the windows. */
export type Medians = Partial<Record<SystemName, Measured>>;

export function mediansOf(windows: Windows): Medians {
  return Object.fromEntries(
    Object.entries(windows).map(([name, all]) => {
      const figures = Object.keys(all[0]!) as (keyof Measured)[];
      return [name, Object.fromEntries(figures.map(figure => [figure, median(all.map(window => window[figure]))]))];
    }),
  );
}

export function tablesOf(windows: Windows): Table[] {
  const medians = Object.entries(mediansOf(windows));
  const rows = medians.map(([name, measured]) => {
    const missing = windows[name as SystemName]!.reduce(
      (sum, { expected, deliveries }) => sum + expected - deliveries,
      0,
    );
    return [name, ...cellsOf(measured), missing === 0 ? 'all' : `all but ${whole(missing)}`];
  });
  const [[, ours] = [], ...others] = medians;
  const ratios = ours ? others.map(([name, other]) => [`ours / ${name}`, ...ratiosOf(ours, other)]) : [];
  return [
    { head: ['', ...HEAD, 'delivered'], rows },
    { head: ['', ...RATIO_HEAD], rows: ratios },
  ];
}

const HEAD = [
  'p50',
  'p95',
  'p99',
  'deliveries/s',
  'events a message',
  'bytes a delivery',
  'CPU s / 1M deliveries',
  'MB resident',
];

function cellsOf(measured: Measured): string[] {
  return [
    ms(measured.p50Ms),
    ms(measured.p95Ms),
    ms(measured.p99Ms),
    whole(measured.deliveriesPerSecond),
    short(measured.eventsPerMessage),
    whole(measured.bytesPerDelivery),
    short(measured.cpuSecondsPerMillion),
    whole(measured.residentMb),
  ];
}

const RATIOS = {
  p50: 'p50Ms',
  p99: 'p99Ms',
  'deliveries/s': 'deliveriesPerSecond',
  'CPU s / 1M deliveries': 'cpuSecondsPerMillion',
  'MB resident': 'residentMb',
} as const satisfies Record<string, keyof Measured>;
const RATIO_HEAD = Object.keys(RATIOS);

function ratiosOf(ours: Measured, other: Measured): string[] {
  // What takes less than a stamp can tell is taken for one millisecond.
  const atLeast = (figure: keyof Measured, value: number) => (figure.endsWith('Ms') ? Math.max(1, value) : value);
  return Object.values(RATIOS).map(figure => short(atLeast(figure, ours[figure]) / atLeast(figure, other[figure])));
}
