/** What the observers in the page have seen since they were last asked. */
export interface Observed {
  /** Milliseconds between animation frames; empty unless they are watched. */
  frames: number[];
  /** Durations of the animation frames that the browser calls long: over 50 ms. */
  longFrames: number[];
  /** Longest event of each interaction of 16 ms and more: from input to the next paint, in steps of 8 ms. */
  interactions: number[];
}

/** What is known once and for all of a page that was loaded. */
export interface Loaded {
  lcpMs: number;
  cls: number;
}

export interface Observer {
  take(): Observed;
  watchFrames(isOn: boolean): void;
  loaded(): Loaded;
}

/** Runs in the page, before its scripts. */
export function observe(): void {
  let frames: number[] = [];
  let longFrames: number[] = [];
  let interactions = new Map<number, number>();
  const loaded = { lcpMs: 0, cls: 0 };
  let isWatching = false;
  let lastFrameAtMs = 0;

  const watch = (type: string, options: object, each: (entry: never) => void) =>
    new PerformanceObserver(list => (list.getEntries() as never[]).forEach(each)).observe({ type, ...options });
  watch('long-animation-frame', {}, ({ duration }: PerformanceEntry) => longFrames.push(duration));
  watch(
    'event',
    { durationThreshold: 16 },
    ({ interactionId, duration }: PerformanceEntry & { interactionId: number }) => {
      if (interactionId > 0) interactions.set(interactionId, Math.max(duration, interactions.get(interactionId) ?? 0));
    },
  );
  watch('largest-contentful-paint', { buffered: true }, ({ startTime }: PerformanceEntry) => {
    loaded.lcpMs = startTime;
  });
  watch('layout-shift', { buffered: true }, (shift: PerformanceEntry & { value: number; hadRecentInput: boolean }) => {
    if (!shift.hadRecentInput) loaded.cls += shift.value;
  });
  const onFrame = (atMs: number) => {
    if (!isWatching) return;
    if (lastFrameAtMs > 0) frames.push(atMs - lastFrameAtMs);
    lastFrameAtMs = atMs;
    requestAnimationFrame(onFrame);
  };
  const observer: Observer = {
    take() {
      const observed = { frames, longFrames, interactions: [...interactions.values()] };
      [frames, longFrames, interactions] = [[], [], new Map()];
      return observed;
    },
    watchFrames(isOn) {
      isWatching = isOn;
      lastFrameAtMs = 0;
      if (isOn) requestAnimationFrame(onFrame);
    },
    loaded: () => loaded,
  };
  Object.assign(globalThis, { __bench: observer });
}
