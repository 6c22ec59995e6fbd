import {
  BACKTEST_LIMITS,
  BACKTEST_PARAMETERS,
  type BacktestParameter,
  type ParameterRange,
} from '../../../shared/backtests.ts';
import type { BacktestRequest } from '../../../shared/requests/backtests.ts';

/** What stands in the form. Parameters are as typed: dollars, and percent for shares. */
export interface FormValues {
  symbols: readonly string[];
  patterns: readonly string[];
  startDate: string;
  endDate: string;
  parameters: Readonly<Record<BacktestParameter, string>>;
}

/** A field of the form, and what is wrong with it. */
export type FormErrors = Partial<Record<FormField, string>>;
export type FormField = 'symbols' | 'patterns' | 'start_date' | 'end_date' | BacktestParameter;

export const PARAMETER_NAMES = Object.keys(BACKTEST_PARAMETERS) as BacktestParameter[];

const RANGES: Record<BacktestParameter, ParameterRange> = BACKTEST_PARAMETERS;
const DAY_MS = 86_400_000;

/** A year up to today, with what is usual of everything else. */
export function firstValues(nowMs: number): FormValues {
  return {
    symbols: [],
    patterns: [],
    startDate: dateOf(nowMs - 365 * DAY_MS),
    endDate: dateOf(nowMs),
    parameters: shownParameters(
      Object.fromEntries(PARAMETER_NAMES.map(name => [name, RANGES[name].default])) as Record<
        BacktestParameter,
        number
      >,
    ),
  };
}

/** The form as it was for a backtest, to ask for one like it. */
export function valuesOf(
  job: Pick<BacktestRequest, 'symbols' | 'patterns' | 'start_date' | 'end_date'> & {
    parameters: Readonly<Record<BacktestParameter, number | null>>;
  },
): FormValues {
  const { symbols, patterns, start_date: startDate, end_date: endDate, parameters } = job;
  return { symbols, patterns, startDate, endDate, parameters: shownParameters(parameters) };
}

/** What to ask for, or what is wrong with each field. */
export function readForm(values: FormValues, nowMs: number): { request: BacktestRequest } | { errors: FormErrors } {
  const { symbols, patterns, startDate, endDate } = values;
  const errors: FormErrors = {};
  const { max_symbols, max_patterns } = BACKTEST_LIMITS;
  if (symbols.length === 0) errors.symbols = 'Name at least one symbol';
  if (symbols.length > max_symbols) errors.symbols = `At most ${max_symbols} symbols; there are ${symbols.length}`;
  if (patterns.length === 0) errors.patterns = 'Name at least one pattern';
  if (patterns.length > max_patterns)
    errors.patterns = `At most ${max_patterns} patterns; there are ${patterns.length}`;
  if (!isDate(startDate)) errors.start_date = 'Choose a date';
  if (!isDate(endDate)) errors.end_date = 'Choose a date';
  else if (isDate(startDate) && endDate < startDate) errors.end_date = 'This is before the first day';
  else if (endDate > dateOf(nowMs)) errors.end_date = 'This is in the future';
  const parameters = PARAMETER_NAMES.map(name => {
    const read = readParameter(name, values.parameters[name]);
    if (typeof read === 'string') errors[name] = read;
    return [name, read] as const;
  });
  if (Object.keys(errors).length > 0) return { errors };
  return {
    request: {
      symbols: [...symbols],
      patterns: [...patterns],
      start_date: startDate,
      end_date: endDate,
      parameters: Object.fromEntries(parameters) as BacktestRequest['parameters'],
    },
  };
}

/** The field that a server's `field` (`symbols.3`, `parameters.slippage_rate`) means; null = none of the form's. */
export function fieldOf(field: string | null): FormField | null {
  const [first = '', second = ''] = (field ?? '').split('.');
  const name = first === 'parameters' ? second : first;
  const isKnown =
    ['symbols', 'patterns', 'start_date', 'end_date'].includes(name) || Object.hasOwn(BACKTEST_PARAMETERS, name);
  return isKnown ? (name as FormField) : null;
}

/** Least and greatest value as they are typed. */
export function shownRange(name: BacktestParameter): { min: number; max: number; isOptional: boolean } {
  const { min, max, isOptional = false } = RANGES[name];
  return { min: toShown(name, min), max: toShown(name, max), isOptional };
}

/** A message, when it cannot be read. */
function readParameter(name: BacktestParameter, typed: string): number | null | string {
  const { min, max, isOptional } = shownRange(name);
  const text = typed.trim();
  if (text === '' && isOptional) return null;
  const value = text === '' ? Number.NaN : Number(text);
  if (!(value >= min && value <= max)) return `A number from ${min} to ${max}${isOptional ? ', or nothing' : ''}`;
  return name === 'initial_capital' ? value : round(value / 100);
}

function shownParameters(parameters: Readonly<Record<BacktestParameter, number | null>>) {
  return Object.fromEntries(
    PARAMETER_NAMES.map(name => {
      const value = parameters[name];
      return [name, value === null ? '' : String(toShown(name, value))];
    }),
  ) as Record<BacktestParameter, string>;
}

function toShown(name: BacktestParameter, value: number): number {
  return name === 'initial_capital' ? value : round(value * 100);
}

/** Of 0.07 * 100 only the 7 is meant. */
function round(value: number): number {
  return Number(value.toFixed(10));
}

function isDate(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
}

/** As the clock on the wall has it. */
function dateOf(ms: number): string {
  const date = new Date(ms);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
