import { type ReadonlySignal, signal } from '@preact/signals';

const ticking = signal(Date.now());

/** Epoch milliseconds, local clock, anew each second, for ages and countdowns; stands still while nobody looks. */
export const now: ReadonlySignal<number> = ticking;

/** Starts the clock; it ticks with the seconds of the local clock. */
export function startClock(): void {
  const tick = () => {
    if (!document.hidden) ticking.value = Date.now();
    setTimeout(tick, 1_000 - (Date.now() % 1_000));
  };
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) ticking.value = Date.now();
  });
  tick();
}
