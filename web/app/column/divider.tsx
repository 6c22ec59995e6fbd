import { useRef } from 'preact/hooks';
import type { Tier } from '../../../shared/topics.ts';
import { columnSettings } from '../state/settings.ts';
import { TITLES } from '../words.ts';
import { isShown, setShares } from './arrangement.ts';
import { leftPercent, moveLine } from './layout.ts';

const STEP_PX = 16;
const BIG_STEP_PX = 96;

/** The line between two columns: dragged, or moved with the arrow keys, it widens one at the other's cost. */
export function Divider({ left, right }: { left: Tier; right: Tier }) {
  const ref = useRef<HTMLHRElement>(null);
  if (!isShown(left) || !isShown(right)) return <div class="gap" />;
  const shares = [columnSettings[left].value.width, columnSettings[right].value.width] as const;
  const pixels = () => neighbours(ref.current!).reduce((sum, each) => sum + each.getBoundingClientRect().width, 0);
  const move = (byPx: number, from = shares, widthPx = pixels()) =>
    setShares(left, right, moveLine(from, widthPx, byPx));

  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0) return;
    const line = ref.current!;
    const [fromX, widthPx] = [event.clientX, pixels()];
    line.setPointerCapture(event.pointerId);
    line.onpointermove = moved => move(moved.clientX - fromX, shares, widthPx);
    line.onlostpointercapture = () => {
      line.onpointermove = null;
    };
    event.preventDefault();
    line.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const byPx = {
      ArrowLeft: -STEP_PX,
      ArrowRight: STEP_PX,
      PageUp: BIG_STEP_PX,
      PageDown: -BIG_STEP_PX,
      Home: Number.NEGATIVE_INFINITY,
      End: Number.POSITIVE_INFINITY,
    }[event.key];
    if (byPx === undefined) return;
    event.preventDefault();
    move(byPx);
  };
  return (
    <hr
      ref={ref}
      class="divider"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={`Width of ${TITLES[left]} against ${TITLES[right]}`}
      aria-valuenow={leftPercent(shares)}
      aria-valuemin={0}
      aria-valuemax={100}
      title="Drag, or arrow keys; double click for equal widths"
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
      onDblClick={() => setShares(left, right, [1, 1])}
    />
  );
}

/** The columns on both sides of a line. */
function neighbours(line: Element): Element[] {
  return [
    line.previousElementSibling?.closest('[data-column]'),
    line.nextElementSibling?.closest('[data-column]'),
  ].filter(each => each != null);
}
