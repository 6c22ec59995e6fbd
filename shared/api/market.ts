import * as z from 'zod';

/** New York's clock, e.g. `09:30`; `to` is the first minute after. */
const clockSpanSchema = z.object({ from: z.string(), to: z.string() });

/** When the exchanges trade on a day; outside these they are closed. */
const exchangeSessionsSchema = z.object({
  pre_market: clockSpanSchema,
  regular: clockSpanSchema,
  post_market: clockSpanSchema,
});
export type ExchangeSessions = z.infer<typeof exchangeSessionsSchema>;

/** A date (`2026-11-27`) and why it is not like the others. */
const exchangeDaySchema = z.object({ date: z.string(), name: z.string() });
export type ExchangeDay = z.infer<typeof exchangeDaySchema>;

/** What a client needs to know to say at any moment whether the exchanges are open. */
export const exchangeCalendarSchema = z.object({
  exchange: z.literal('NYSE'),
  time_zone: z.literal('America/New_York'),
  /** First and last date that the lists cover. */
  from: z.string(),
  to: z.string(),
  /** 1 is Monday, 7 Sunday; on the others nobody trades, and they are not among the holidays. */
  trading_weekdays: z.array(z.int()).readonly(),
  sessions: exchangeSessionsSchema,
  half_day_sessions: exchangeSessionsSchema,
  /** Trading weekdays without trading, unscheduled closings among them; by date. */
  holidays: z.array(exchangeDaySchema),
  half_days: z.array(exchangeDaySchema),
});
export type ExchangeCalendar = z.infer<typeof exchangeCalendarSchema>;
