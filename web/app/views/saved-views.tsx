import { useSignal } from '@preact/signals';
import { Check, Link, Pencil, Trash2, X } from 'lucide';
import { useEffect, useId, useRef } from 'preact/hooks';
import { TIERS } from '../../../shared/topics.ts';
import { Dialog } from '../dialog.tsx';
import { copyText } from '../export/copy.ts';
import { filterWords, localClausesOf } from '../filter/clauses.ts';
import { Icon } from '../icon.tsx';
import type { OverlayProps } from '../overlay.tsx';
import { applyQuery, currentQuery, shareLink } from '../state/address.ts';
import { MAX_NAME_LENGTH } from '../state/filters.ts';
import { decodeState, MAX_QUERY_BYTES } from '../state/url.ts';
import {
  refusalOfName,
  refusalOfSave,
  type SavedView,
  views,
  withoutView,
  withRenamed,
  withView,
} from '../state/views.ts';
import { TITLES } from '../words.ts';

/** The user's views: save what is shown, come back to it, share it as a link. */
export function SavedViews({ close }: OverlayProps) {
  return (
    <Dialog name="views" title="Saved views" close={close}>
      <p class="hint">
        A view keeps the filters, further subscriptions and view modes of all three columns, for you alone.
      </p>
      <Save />
      <Share />
      <ul class="views">
        {views.value.map(view => (
          <ViewRow key={view.name} view={view} close={close} />
        ))}
      </ul>
      {views.value.length === 0 && <p class="hint">Nothing saved yet.</p>}
    </Dialog>
  );
}

function Save() {
  const id = useId();
  const name = useSignal('');
  const refusal = useSignal<string | null>(null);
  const isKnown = views.value.some(view => view.name === name.value.trim());
  return (
    <form
      class="view-save"
      onSubmit={event => {
        event.preventDefault();
        refusal.value = refusalOfSave(name.peek(), views.peek());
        if (refusal.value !== null) return;
        views.value = withView(views.peek(), { name: name.peek(), query: currentQuery() });
        name.value = '';
      }}
    >
      <label for={id}>Save what is shown now as</label>
      <input
        id={id}
        type="text"
        maxLength={MAX_NAME_LENGTH}
        autocomplete="off"
        value={name.value}
        onInput={event => {
          name.value = event.currentTarget.value;
          refusal.value = null;
        }}
      />
      <button type="submit" class="button">
        {isKnown ? 'Replace' : 'Save'}
      </button>
      {refusal.value && (
        <p class="mistakes" role="alert">
          {refusal.value}
        </p>
      )}
    </form>
  );
}

function Share() {
  const told = useSignal('');
  const link = shareLink();
  return (
    <p class="view-share">
      <button
        type="button"
        class="button"
        disabled={link === null}
        onClick={async () => {
          told.value = (await copyText(link!)) ? 'Link copied.' : `Copy it from here: ${link}`;
        }}
      >
        <Icon of={Link} size={14} /> Copy a link to what is shown
      </button>
      <span class="hint" role="status">
        {link === null
          ? `Too long for a link (over ${MAX_QUERY_BYTES} bytes): it is kept in this browser only. Shorten the lists of symbols to share it.`
          : told.value}
      </span>
    </p>
  );
}

function ViewRow({ view, close }: { view: SavedView } & OverlayProps) {
  const isRenamed = useSignal(false);
  if (isRenamed.value) {
    const end = () => {
      isRenamed.value = false;
    };
    return <Rename view={view} end={end} />;
  }
  return (
    <li class="view-row" data-view={view.name}>
      <button
        type="button"
        class="view-apply"
        onClick={() => {
          applyQuery(view.query);
          close();
        }}
      >
        <strong>{view.name}</strong>
        <span class="hint">{wordsOf(view)}</span>
      </button>
      <button
        type="button"
        class="icon-button"
        aria-label={`Rename ${view.name}`}
        onClick={() => {
          isRenamed.value = true;
        }}
      >
        <Icon of={Pencil} />
      </button>
      <button
        type="button"
        class="icon-button"
        aria-label={`Delete ${view.name}`}
        onClick={() => {
          views.value = withoutView(views.peek(), view.name);
        }}
      >
        <Icon of={Trash2} />
      </button>
    </li>
  );
}

function Rename({ view, end }: { view: SavedView; end(): void }) {
  const name = useSignal(view.name);
  const refusal = useSignal<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    input.current!.focus();
    input.current!.select();
  }, []);
  return (
    <li>
      <form
        class="view-row"
        onSubmit={event => {
          event.preventDefault();
          refusal.value = refusalOfName(name.peek(), views.peek(), view.name);
          if (refusal.value !== null) return;
          views.value = withRenamed(views.peek(), view.name, name.peek());
          end();
        }}
      >
        <input
          ref={input}
          type="text"
          aria-label={`New name of ${view.name}`}
          maxLength={MAX_NAME_LENGTH}
          value={name.value}
          onInput={event => {
            name.value = event.currentTarget.value;
          }}
        />
        <button type="submit" class="icon-button" aria-label="Rename">
          <Icon of={Check} />
        </button>
        <button type="button" class="icon-button" aria-label="Keep the name" onClick={end}>
          <Icon of={X} />
        </button>
      </form>
      {refusal.value && (
        <p class="mistakes" role="alert">
          {refusal.value}
        </p>
      )}
    </li>
  );
}

/** What a view shows, tier by tier: `Daily: NVDA, confidence ≥ 80 · Intraday: …`. */
function wordsOf({ query }: SavedView): string {
  const { filters } = decodeState(query);
  return TIERS.flatMap(tier => {
    const kept = filters[tier];
    if (!kept) return [];
    const [main, ...others] = kept.subscriptions;
    const local = localClausesOf(kept.local).map(({ words }) => words);
    const words = [filterWords(main!.filter), ...local, ...others.map(({ name }) => `+ ${name}`)].join(', ');
    return [`${TITLES[tier]}: ${words}`];
  }).join(' · ');
}
