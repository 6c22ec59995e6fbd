import * as z from 'zod';

/** Of one report. */
export const MAX_BEACON_SAMPLES = 50;
const HOUR_MS = 3_600_000;

const samples = z.array(z.number().min(0).max(HOUR_MS)).max(MAX_BEACON_SAMPLES);

/** `POST /api/beacon`: how long live events took to a browser's screen. */
export const beaconSchema = z.strictObject({
  /** From the hub to receipt, by the measured offset of the clocks; empty where that was not measured. */
  receipt_ms: samples,
  /** From receipt to after the paint. */
  paint_ms: samples,
  /** By so much receipt may be wrong: half the smallest round trip. null = not measured. */
  uncertainty_ms: z.number().min(0).max(HOUR_MS).nullable(),
});
export type Beacon = z.infer<typeof beaconSchema>;
