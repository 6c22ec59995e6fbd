/** What the observers in the page have seen since they were last asked. */
export interface Observed {
  /** Milliseconds between animation frames; empty unless they are watched. */
  frames: number[];
  longFrames: LongFrame[];
  /** Longest event of each interaction of 16 ms and more: from input to the next paint, in steps of 8 ms. */
  interactions: { ms: number; key: string }[];
}

/** An animation frame that the browser calls long: over 50 ms. */
export interface LongFrame {
  ms: number;
  /** What ran longest in it, e.g. `WebSocket.onmessage 40`; null = nothing of over 5 ms. */
  script: string | null;
}

/** What is known once and for all of a page that was loaded. */
export interface Loaded {
  lcpMs: number;
  /** All layout shifts together, not only those of the worst five seconds. */
  cls: number;
  /** What moved in the largest of them; null = nothing did. */
  largestShift: string | null;
}

export interface Observer {
  take(): Observed;
  watchFrames(isOn: boolean): void;
  loaded(): Loaded;
}

interface LongAnimationFrame extends PerformanceEntry {
  scripts: { invoker: string; duration: number }[];
}

interface EventTiming extends PerformanceEntry {
  interactionId: number;
}

interface LayoutShift extends PerformanceEntry {
  value: number;
  hadRecentInput: boolean;
  sources: { node: Node | null }[];
}

/** Runs in the page, before its scripts. */
export function observe(): void {
  let frames: number[] = [];
  let longFrames: LongFrame[] = [];
  let interactions = new Map<number, { ms: number; key: string }>();
  let pressed = new Map<number, string>();
  const loaded: Loaded = { lcpMs: 0, cls: 0, largestShift: null };
  let largest = 0;
  let isWatching = false;
  let lastFrameAtMs = 0;

  const watch = (type: string, options: object, each: (entry: never) => void) =>
    new PerformanceObserver(list => (list.getEntries() as never[]).forEach(each)).observe({ type, ...options });
  watch('long-animation-frame', {}, ({ duration, scripts }: LongAnimationFrame) => {
    const [longest] = [...scripts].sort((a, b) => b.duration - a.duration);
    longFrames.push({ ms: duration, script: longest ? `${longest.invoker} ${Math.round(longest.duration)}` : null });
  });
  addEventListener('keydown', ({ timeStamp, key }) => pressed.set(timeStamp, key), { capture: true });
  watch('event', { durationThreshold: 16 }, ({ interactionId, duration, startTime }: EventTiming) => {
    const known = interactions.get(interactionId);
    if (interactionId === 0 || (known && known.ms >= duration)) return;
    interactions.set(interactionId, { ms: duration, key: pressed.get(startTime) ?? known?.key ?? 'click' });
  });
  watch('largest-contentful-paint', { buffered: true }, ({ startTime }: PerformanceEntry) => {
    loaded.lcpMs = startTime;
  });
  watch('layout-shift', { buffered: true }, ({ value, hadRecentInput, sources }: LayoutShift) => {
    if (hadRecentInput) return;
    loaded.cls += value;
    if (value <= largest) return;
    largest = value;
    const moved = sources.map(({ node }) => (node instanceof Element ? node : node?.parentElement));
    loaded.largestShift = moved.map(element => `${element?.localName}.${element?.className}`).join(', ');
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
      [frames, longFrames, interactions, pressed] = [[], [], new Map(), new Map()];
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
