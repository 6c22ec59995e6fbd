import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { type Filter, thousandths } from '../../../shared/filter.ts';

/** How long the slider rests before the server is asked. */
const SLIDING_PAUSE_MS = 250;

/**
 * The least confidence, in steps of 1 percent, or 5 with Shift: what is slid to is told at once to `onSlide`, and to
 * `onChange` when the slider rests or is let go of.
 */
export function ConfidenceSlider({
  filter,
  label,
  onSlide,
  onChange,
}: {
  filter: Filter;
  label: string;
  /** null = nobody slides any more. */
  onSlide(filter: Filter | null): void;
  onChange(filter: Filter): void;
}) {
  const slid = useSignal<number | null>(null);
  const resting = useRef<ReturnType<typeof setTimeout>>(undefined);
  /** The filter may change otherwise while the slider rests. */
  const latest = useRef(filter);
  latest.current = filter;
  useEffect(() => () => clearTimeout(resting.current), []);
  const set = thousandths(filter.confidence_min ?? 0);
  const percent = slid.value ?? Math.floor(set / 10);

  const slide = (to: number) => {
    slid.value = to;
    onSlide(withConfidence(filter, to));
    clearTimeout(resting.current);
    resting.current = setTimeout(settle, SLIDING_PAUSE_MS);
  };
  const settle = () => {
    clearTimeout(resting.current);
    const to = slid.peek();
    if (to === null) return;
    slid.value = null;
    onSlide(null);
    onChange(withConfidence(latest.current, to));
  };
  const stepWidely = (event: KeyboardEvent) => {
    const way = WAYS[event.key];
    if (!event.shiftKey || !way) return;
    event.preventDefault();
    event.stopPropagation();
    slide(Math.min(100, Math.max(0, percent + way * 5)));
  };
  return (
    <input
      type="range"
      class="confidence-slider"
      min={0}
      max={100}
      step={1}
      value={percent}
      aria-label={label}
      aria-valuetext={percent === 0 ? 'any' : `at least ${percent} percent`}
      onInput={event => slide(event.currentTarget.valueAsNumber)}
      onPointerUp={settle}
      onBlur={settle}
      onKeyDown={stepWidely}
    />
  );
}

const WAYS: Readonly<Record<string, 1 | -1>> = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };

function withConfidence({ confidence_min: _, ...filter }: Filter, percent: number): Filter {
  return percent > 0 ? { ...filter, confidence_min: percent / 100 } : filter;
}
