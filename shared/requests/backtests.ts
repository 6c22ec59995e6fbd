import * as z from 'zod';
import { BACKTEST_LIMITS, BACKTEST_PARAMETERS, type BacktestParameter, type ParameterRange } from '../backtests.ts';

const word = (maxLength: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(maxLength)
    .refine(text => text.isWellFormed() && !/\p{Cc}/u.test(text), 'is no well-formed text');
const unique = (words: readonly string[]) => new Set(words).size === words.length;
const date = z.iso.date('expected a date like 2025-01-31');

const parameter = ({ min, max, default: otherwise, isOptional }: ParameterRange) => {
  const message = `expected a number from ${min} to ${max}`;
  const number = z.number(message).min(min, message).max(max, message);
  return (isOptional ? number.nullable() : number).default(otherwise);
};
const parametersSchema = z.strictObject(
  Object.fromEntries(Object.entries(BACKTEST_PARAMETERS).map(([name, range]) => [name, parameter(range)])),
) as unknown as z.ZodType<
  { [P in BacktestParameter]: (typeof BACKTEST_PARAMETERS)[P] extends { isOptional: true } ? number | null : number },
  Partial<Record<BacktestParameter, number | null>>
>;

/** What `POST /api/backtests` takes. A parameter that is left out has its default. */
export const backtestRequestSchema = z
  .strictObject({
    symbols: z
      .array(word(20).overwrite(symbol => symbol.toUpperCase()))
      .min(1)
      .max(BACKTEST_LIMITS.max_symbols)
      .refine(unique, 'names a symbol twice'),
    start_date: date,
    end_date: date,
    patterns: z.array(word(100)).min(1).max(BACKTEST_LIMITS.max_patterns).refine(unique, 'names a pattern twice'),
    parameters: parametersSchema.prefault({}),
  })
  .refine(({ start_date, end_date }) => start_date <= end_date, {
    path: ['end_date'],
    message: 'is before start_date',
  });
export type BacktestRequest = z.infer<typeof backtestRequestSchema>;
