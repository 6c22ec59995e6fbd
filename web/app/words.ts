import type { Tier } from '../../shared/topics.ts';

export const TITLES: Record<Tier, string> = { daily: 'Daily', intraday: 'Intraday', combo: 'Combo' };

const whole = new Intl.NumberFormat('en-US');

/** `3,102`. */
export function countWords(count: number): string {
  return whole.format(count);
}

/** A rate of events: `4.2/s` from 60 a minute on, else `12/min`. */
export function rateWords({ perMinute, perSecond }: { perMinute: number; perSecond: number }): string {
  if (perMinute < 60) return `${Math.round(perMinute)}/min`;
  return `${perSecond >= 9.95 ? Math.round(perSecond) : perSecond.toFixed(1)}/s`;
}

/** A share (0..1) in whole percent, `–` when it is not known. */
export function shareWords(share: number | null): string {
  return share === null ? '–' : `${Math.round(share * 100)}%`;
}

/** A time to wait: `4:05`, `1:23:45`, from a day on `2 d 3 h`; rounded up, so that 0:00 is when it happens. */
export function countdownWords(waitMs: number): string {
  const seconds = Math.max(0, Math.ceil(waitMs / 1_000));
  const hours = Math.floor(seconds / 3_600);
  if (hours >= 24) return `${Math.floor(hours / 24)} d ${hours % 24} h`;
  const minutes = Math.floor((seconds % 3_600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** A number of unseen things for a small badge: `7`, `99+`. */
export function badgeWords(count: number): string {
  return count > 99 ? '99+' : String(count);
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
