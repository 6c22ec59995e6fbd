import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { clashesOf, keyName, keysOf, refusalOf, SEQUENCE_MS } from '../commands/keys.ts';
import { type Command, commands } from '../commands.ts';
import { isMac, Keys } from '../keys.tsx';
import { keySettings } from '../state/settings.ts';

/** The keyboard as the user wants it: single keys on or off, and other keys for any command. */
export function KeyTable() {
  const settings = keySettings.value;
  const clashes = clashesOf(commands.value, settings);
  const titleOf = (id: string) => commands.value.find(command => command.id === id)?.title ?? id;
  const isChanged = Object.keys(settings.overrides).length > 0;
  return (
    <section class="key-table" aria-labelledby="key-table-title">
      <h3 id="key-table-title">Keyboard</h3>
      <label class="check">
        <input
          type="checkbox"
          checked={settings.isOn}
          onChange={event => {
            keySettings.value = { ...settings, isOn: event.currentTarget.checked };
          }}
        />
        Single keys run commands (off: only those with Ctrl or Cmd)
      </label>
      {clashes.length > 0 && (
        <ul class="clashes" role="status">
          {clashes.map(({ keys, ids }) => (
            <li key={keys} data-clash={keys}>
              <Keys of={keys} /> is wanted by {ids.map(titleOf).join(' and ')}: only the first has it.
            </li>
          ))}
        </ul>
      )}
      <table>
        <thead class="visually-hidden">
          <tr>
            <th scope="col">Command</th>
            <th scope="col">Keys</th>
            <th scope="col">Change</th>
          </tr>
        </thead>
        <tbody>
          {commands.value.map(command => (
            <KeyRow key={command.id} command={command} />
          ))}
        </tbody>
      </table>
      {isChanged && (
        <button
          type="button"
          class="button"
          onClick={() => {
            keySettings.value = { ...settings, overrides: {} };
          }}
        >
          All keys as they were
        </button>
      )}
    </section>
  );
}

function KeyRow({ command }: { command: Command }) {
  const isAsking = useSignal(false);
  const refusal = useSignal<string | null>(null);
  const settings = keySettings.value;
  const isOwn = command.id in settings.overrides;
  const set = (keys: readonly string[] | undefined) => {
    const { [command.id]: _, ...others } = settings.overrides;
    keySettings.value = { ...settings, overrides: keys ? { ...others, [command.id]: keys } : others };
  };
  return (
    <tr data-command={command.id}>
      <th scope="row">{command.title}</th>
      <td>
        {isAsking.value ? (
          <KeyCatcher
            onDone={keys => {
              isAsking.value = false;
              refusal.value = keys === null ? null : refusalOf(keys);
              if (keys !== null && refusal.value === null) set([keys]);
            }}
          />
        ) : (
          keysOf(command, { ...settings, isOn: true }).map(keys => <Keys key={keys} of={keys} />)
        )}
        {refusal.value && (
          <span class="refusal" role="alert">
            {refusal.value}
          </span>
        )}
      </td>
      <td class="key-actions">
        <button
          type="button"
          class="link-button"
          onClick={() => {
            isAsking.value = true;
          }}
        >
          Change<span class="visually-hidden"> the keys of “{command.title}”</span>
        </button>
        <button type="button" class="link-button" onClick={() => set(isOwn ? undefined : [])}>
          {isOwn ? 'Usual' : 'None'}
          <span class="visually-hidden"> for “{command.title}”</span>
        </button>
      </td>
    </tr>
  );
}

/** Waits for a key, or two one after the other; Escape gives up. */
function KeyCatcher({ onDone }: { onDone(keys: string | null): void }) {
  const ref = useRef<HTMLInputElement>(null);
  const steps = useSignal<readonly string[]>([]);
  useEffect(() => ref.current!.focus(), []);
  useEffect(() => {
    if (steps.value.length === 0) return;
    const isWhole = steps.value.length === 2 || steps.value[0]!.startsWith('mod+');
    const timer = setTimeout(() => onDone(steps.value.join(' ')), isWhole ? 0 : SEQUENCE_MS);
    return () => clearTimeout(timer);
  }, [steps.value]);
  return (
    <input
      ref={ref}
      class="key-catcher"
      aria-label="Press the new keys, Escape to leave them"
      readonly
      value={steps.value.join(' ')}
      placeholder="press keys"
      onBlur={() => steps.value.length === 0 && onDone(null)}
      onKeyDown={event => {
        if (event.key === 'Tab') return;
        event.preventDefault();
        event.stopPropagation();
        if (event.key === 'Escape') {
          onDone(null);
          return;
        }
        const key = keyName(
          { ...modifiersOf(event), key: event.key, isAltGraph: event.getModifierState('AltGraph') },
          isMac,
        );
        if (key !== null) steps.value = [...steps.value, key];
      }}
    />
  );
}

function modifiersOf({ ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent) {
  return { ctrlKey, metaKey, altKey, shiftKey };
}
