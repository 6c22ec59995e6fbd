const ZONE = 'America/New_York';
const zoneName = new Intl.DateTimeFormat('en-US', { timeZone: ZONE, timeZoneName: 'longOffset' });

/** Epoch seconds with milliseconds as decimals, as Python's `time.time()`. */
export const epochSeconds = (ms: number) => ms / 1_000;

/** `2026-11-20T14:30:00.123Z`. */
export const isoUtc = (ms: number) => new Date(ms).toISOString();

/** `2026-11-20T14:30:00.123+00:00`. */
export const isoZero = (ms: number) => isoUtc(ms).replace('Z', '+00:00');

/** `2026-11-20T14:30:00.123000`: UTC that does not say so, as Python's `datetime.utcnow().isoformat()`. */
export const isoNaive = (ms: number) => isoUtc(ms).replace('Z', '000');

/** `2026-11-20T09:30:00.123-05:00`: the exchange's wall clock. */
export function isoNewYork(ms: number): string {
  const offset = zoneName
    .formatToParts(ms)
    .find(part => part.type === 'timeZoneName')!
    .value.replace('GMT', '');
  const [hours, minutes] = offset.split(':').map(Number) as [number, number];
  return isoUtc(ms + hours * 3_600_000 - minutes * 60_000).replace('Z', offset);
}
