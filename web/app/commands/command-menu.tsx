import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { type Command, commands } from '../commands.ts';
import { Dialog } from '../dialog.tsx';
import { Keys } from '../keys.tsx';
import type { OverlayProps } from '../overlay.tsx';
import { keySettings } from '../state/settings.ts';
import { keysOf } from './keys.ts';
import { type Hit, search } from './search.ts';

/** Finds a command by some of its letters, and runs it. */
export function CommandMenu({ close }: OverlayProps) {
  const query = useSignal('');
  const at = useSignal(0);
  const list = useRef<HTMLDivElement>(null);
  const hits = search(query.value, commands.value.filter(isEnabled));
  const chosen = Math.min(at.value, hits.length - 1);

  useLayoutEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [chosen, query.value]);

  const run = (command: Command) => {
    close();
    // After the dialog has given the focus back, so that the command can move it.
    setTimeout(() => command.run());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by !== undefined && hits.length > 0) at.value = (chosen + by + hits.length) % hits.length;
    else if (event.key === 'Enter' && hits[chosen]) run(hits[chosen].item);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog name="commands" title="Commands" close={close} hasHead={false}>
      <input
        class="command-query"
        type="text"
        role="combobox"
        aria-label="Search commands"
        aria-expanded="true"
        aria-controls="command-hits"
        aria-activedescendant={hits.length > 0 ? `command-${chosen}` : undefined}
        aria-autocomplete="list"
        placeholder="Search commands"
        autocomplete="off"
        spellcheck={false}
        autofocus
        value={query.value}
        onInput={event => {
          query.value = event.currentTarget.value;
          at.value = 0;
        }}
        onKeyDown={onKeyDown}
      />
      <div ref={list} id="command-hits" class="command-hits" role="listbox" aria-label="Commands">
        {hits.map((hit, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the combobox above.
          // biome-ignore lint/a11y/useFocusableInteractive: the combobox keeps the focus, and says which is chosen.
          <div
            key={hit.item.id}
            id={`command-${index}`}
            class="command-hit"
            role="option"
            aria-selected={index === chosen}
            data-command={hit.item.id}
            onClick={() => run(hit.item)}
            onPointerMove={() => {
              at.value = index;
            }}
          >
            <span class="command-group">{hit.item.group}</span>
            <Title hit={hit} />
            {keysOf(hit.item, keySettings.value).map(keys => (
              <Keys key={keys} of={keys} />
            ))}
          </div>
        ))}
      </div>
      {hits.length === 0 && <p class="hint command-none">No command matches.</p>}
    </Dialog>
  );
}

function Title({ hit: { item, marks } }: { hit: Hit<Command> }) {
  const marked = new Set(marks);
  return (
    <span class="command-title">
      {[...item.title].map((character, index) =>
        marked.has(index) ? <b key={index}>{character}</b> : <span key={index}>{character}</span>,
      )}
    </span>
  );
}

function isEnabled(command: Command): boolean {
  return command.isEnabled?.() !== false;
}
