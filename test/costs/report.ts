import { billOf } from './bill.ts';
import { type Meter, PLAN_USD, PRICES, PRICES_AS_OF } from './prices.ts';
import { ASSUMED, amountOf, type Scenario, usageOf } from './usage.ts';

/** The reckoning in Markdown: what it assumes, every product, and what that costs. */
export function report(scenarios: Scenario[]): string {
  return [
    `Prices of ${PRICES_AS_OF}, in US dollars a month.`,
    table(
      ['assumed', ''],
      Object.entries(ASSUMED).map(([name, value]) => [name, String(value)]),
    ),
    table(['a month', 'arithmetic', ...scenarios.map(heading)], usageRows(scenarios)),
    table(['costs', 'included', 'a million more', ...scenarios.map(heading)], costRows(scenarios)),
  ].join('\n\n');
}

function heading({ users, patternsPerDay }: Scenario): string {
  return `${users.toLocaleString('en-US')} users, ${patternsPerDay.toLocaleString('en-US')} patterns a day`;
}

/** A line that only some have is there for all. */
function usageRows(scenarios: Scenario[]): string[][] {
  const usages = scenarios.map(usageOf);
  const keyOf = ({ meter, what }: { meter: Meter; what: string }) => `${PRICES[meter].what}: ${what}`;
  const widest = usages.reduce((most, lines) => (lines.length > most.length ? lines : most));
  return widest.map(line => {
    const amounts = usages.map(lines => {
      const same = lines.find(other => keyOf(other) === keyOf(line));
      return same ? short(amountOf(same.factors)) : '0';
    });
    return [keyOf(line), Object.keys(line.factors).join(' × '), ...amounts];
  });
}

function costRows(scenarios: Scenario[]): string[][] {
  const bills = scenarios.map(billOf);
  const meters = Object.keys(PRICES) as Meter[];
  return [
    ['Workers Paid', '', '', ...bills.map(() => usd(PLAN_USD))],
    ...meters.map(meter => {
      const { what, included, usdPerMillion } = PRICES[meter];
      const costs = bills.map(({ items }) => `${short(items[meter].used)}: ${usd(items[meter].usd)}`);
      return [what, short(included), `$${usdPerMillion}`, ...costs];
    }),
    ['**together**', '', '', ...bills.map(({ totalUsd }) => `**${usd(totalUsd)}**`)],
  ];
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}

/** To three digits: 1.38 M. */
function short(amount: number): string {
  const [divisor, unit] =
    amount >= 1e9 ? [1e9, ' G'] : amount >= 1e6 ? [1e6, ' M'] : amount >= 1e3 ? [1e3, ' k'] : [1, ''];
  return `${Number((amount / divisor).toPrecision(3))}${unit}`;
}

function usd(amount: number): string {
  return `$${amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}
