import { useComputed } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { isSame } from './state/filters.ts';

/**
 * What `read` makes of signals. The component is drawn anew only when that is another (compared by content), however
 * often the signals change: much of what a page shows is told anew each second, and is mostly the same.
 */
export function useDerived<T>(read: () => T): T {
  const last = useRef<{ value: T } | null>(null);
  return useComputed(() => {
    const value = read();
    if (last.current === null || !isSame(last.current.value, value)) last.current = { value };
    return last.current;
  }).value.value;
}

/** Words that change by themselves, such as ages: when they do, their text is written and nothing is drawn. */
export function Words({ of }: { of(): string }) {
  return <>{useComputed(of)}</>;
}
