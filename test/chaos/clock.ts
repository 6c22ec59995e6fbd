/** Loaded before a bridge: sets its clock off by `CLOCK_OFF_MS` milliseconds. */
const offMs = Number(process.env.CLOCK_OFF_MS ?? 0);
const Right = Date;

globalThis.Date = class extends Right {
  constructor(...parts: [] | [number | string | Date]) {
    if (parts.length === 0) super(Right.now() + offMs);
    else super(...parts);
  }

  static override now(): number {
    return Right.now() + offMs;
  }
} as DateConstructor;
