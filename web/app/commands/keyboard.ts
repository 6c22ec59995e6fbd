import { computed } from '@preact/signals';
import { commands } from '../commands.ts';
import { isMac } from '../keys.tsx';
import { keySettings } from '../state/settings.ts';
import { bindingsOf, keyName, type Pending, press } from './keys.ts';

/** Where typing means text, or the element's own keys. */
const TAKES_KEYS =
  'input, textarea, select, [contenteditable]:not([contenteditable="false"]), [role=separator], hr[tabindex], [role=listbox], [role=menu]';
/** What Enter and Space press, when they are on it. */
const PRESSABLE = 'button, a[href], summary, [role=button], [role=option], [role=menuitem]';
/** What moves in whatever has the focus: the page's own only where nothing else has it. */
const MOVES = /^(shift\+)?(Arrow|Home|End|Page)/;
/** While one of these is open the page's keys are its own. */
const ON_TOP = 'dialog:modal, [popover]:popover-open, .driver-active';

const bindings = computed(() => bindingsOf(commands.value, keySettings.value));

/** Runs commands by key, from anywhere on the page but where keys mean something else. */
export function followKeyboard(): void {
  let pending: Pending | null = null;
  document.addEventListener('keydown', event => {
    if (event.defaultPrevented || event.isComposing) return;
    const key = keyName({ ...pressOf(event), isAltGraph: event.getModifierState('AltGraph') }, isMac);
    if (key === null || !isFree(event, key)) return;
    const done = press(bindings.peek(), key, pending, event.timeStamp);
    pending = done.pending;
    const command = commands.peek().find(({ id }) => id === done.id);
    if (!command || command.isEnabled?.() === false) return;
    event.preventDefault();
    if (!event.repeat || command.repeats) command.run();
  });
}

function isFree({ target }: KeyboardEvent, key: string): boolean {
  if (document.querySelector(ON_TOP)) return false;
  if (!(target instanceof Element)) return true;
  // With Ctrl or Cmd nothing is typed.
  if (target.closest(TAKES_KEYS)) return key.startsWith('mod+');
  if (MOVES.test(key)) return target.matches('body, main') || target.closest('[role=grid]') !== null;
  const isPress = key === 'Enter' || key === 'Space';
  return !(isPress && target.closest(PRESSABLE));
}

function pressOf({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent) {
  return { key, ctrlKey, metaKey, altKey, shiftKey };
}
