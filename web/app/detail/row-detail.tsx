import { ChevronDown, ChevronUp, X } from 'lucide';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { Tier } from '../../../shared/topics.ts';
import type { PatternEntry } from '../../live/entry.ts';
import { patternName } from '../../live/pattern-names.ts';
import { directionWords } from '../../live/words.ts';
import { device, shown } from '../column/arrangement.ts';
import { columns } from '../columns.ts';
import { Icon } from '../icon.tsx';
import { TierIcon } from '../tier-icon.tsx';
import { TITLES } from '../words.ts';
import { Facts, Origin } from './facts.tsx';
import { Firings } from './firings.tsx';
import { closeDetail, detail } from './open.ts';
import { RawEvent } from './raw-event.tsx';
import { Related } from './related.tsx';
import { rowActions } from './row-actions.ts';

/** Everything that is known of the selected row: beside the columns, or over them where there is no room. */
export function RowDetail() {
  const row = detail.value;
  if (!row) return null;
  // Another kind of dialog is another dialog.
  const isSheet = device.value === 'phone';
  return <DetailDialog key={isSheet ? 'sheet' : 'panel'} isSheet={isSheet} {...row} />;
}

function DetailDialog({ isSheet, tier, entry }: { isSheet: boolean; tier: Tier; entry: PatternEntry }) {
  const ref = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const { event } = entry;
  useLayoutEffect(() => {
    const dialog = ref.current!;
    if (isSheet) dialog.showModal();
    else dialog.show();
    heading.current!.focus();
    return () => dialog.close();
  }, []);
  useEffect(() => {
    const close = (press: KeyboardEvent) => {
      if (press.key !== 'Escape' || press.defaultPrevented || document.querySelector(OVER_IT)) return;
      press.preventDefault();
      press.stopPropagation();
      leave(tier);
    };
    // Ahead of what Escape does to rows: the detail is what is on top.
    document.addEventListener('keydown', close, { capture: true });
    return () => document.removeEventListener('keydown', close, { capture: true });
  }, [tier]);
  const step = (rows: number) => columns[tier].moveCursor(rows);
  const { glyph, name, word } = directionWords(event.direction);
  return (
    <dialog
      ref={ref}
      class="detail"
      data-detail={isSheet ? 'sheet' : 'panel'}
      // Where it covers a column, not the one that it tells about.
      data-side={shown.value.at(-1) === tier ? 'left' : 'right'}
      data-tier={tier}
      aria-labelledby="detail-title"
      onClose={closeDetail}
      onKeyDown={press => {
        // While it is modal the page's keys rest.
        const rows = isSheet ? STEPS[press.key] : undefined;
        if (rows) step(rows);
      }}
    >
      <div class="detail-head">
        <h2 id="detail-title" ref={heading} tabIndex={-1}>
          <TierIcon tier={tier} />
          <span class="visually-hidden">{TITLES[tier]}:</span>
          <span>{event.symbol}</span>
          <span class="detail-pattern">{patternName(event.pattern_type)}</span>
          {word !== '' && (
            <span data-direction={name}>
              <span aria-hidden="true">{glyph}</span> {word}
            </span>
          )}
        </h2>
        <button type="button" class="icon-button" aria-label="Previous row (k)" onClick={() => step(-1)}>
          <Icon of={ChevronUp} />
        </button>
        <button type="button" class="icon-button" aria-label="Next row (j)" onClick={() => step(1)}>
          <Icon of={ChevronDown} />
        </button>
        <button type="button" class="icon-button" aria-label="Close" onClick={() => leave(tier)}>
          <Icon of={X} />
        </button>
      </div>
      <div class="detail-body">
        <div class="detail-actions">
          {rowActions(tier, entry).map(({ id, label, act }) => (
            <button key={id} type="button" class="button" data-action={id} onClick={act}>
              {label}
            </button>
          ))}
        </div>
        <Facts entry={entry} />
        <Related tier={tier} entry={entry} />
        <Firings key={`firings-${entry.key}`} tier={tier} event={event} />
        <Origin entry={entry} />
        <RawEvent key={entry.key} event={event} />
      </div>
    </dialog>
  );
}

const STEPS: Readonly<Record<string, number>> = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 };
/** What Escape closes before the detail. */
const OVER_IT = 'dialog.dialog[open], [popover]:popover-open';

function leave(tier: Tier): void {
  closeDetail();
  columns[tier].focus();
}
