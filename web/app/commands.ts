import { computed, type ReadonlySignal, signal } from '@preact/signals';

/** Something that a user can have done, by key, from the command menu, or from the help. */
export interface Command {
  /** Unique and stable: a user's own keys are kept by it. */
  id: string;
  title: string;
  /** The heading it stands under. */
  group: string;
  /**
   * The keys that run it unless the user has chosen others: `j`, `?`, `Space`, `End`, `ArrowDown`, `mod+k` (Ctrl, or
   * Cmd on a Mac), or one after the other: `g g`. Several = any of them.
   */
  keys: readonly string[];
  run(): void;
  /** Whether holding its key down runs it again and again; absent = not. */
  repeats?: boolean;
  /** Whether it can be done now; absent = always. */
  isEnabled?(): boolean;
}

const registered = signal<readonly (readonly Command[])[]>([]);

/** Every command of the page, in the order they were registered. Keyboard, command menu and help all read this. */
export const commands: ReadonlySignal<readonly Command[]> = computed(() => registered.value.flat());

/** Adds commands. @returns a function that takes them away again */
export function register(added: readonly Command[]): () => void {
  registered.value = [...registered.peek(), added];
  return () => {
    registered.value = registered.peek().filter(kept => kept !== added);
  };
}

/** Commands that can be done only while `isOn` says so, whatever they say themselves. */
export function onlyWhile(isOn: () => boolean, all: readonly Command[]): Command[] {
  return all.map(command => ({ ...command, isEnabled: () => isOn() && command.isEnabled?.() !== false }));
}

/** Runs a command if it is there and can be done now. @returns whether it did */
export function run(id: string): boolean {
  const command = commands.peek().find(each => each.id === id);
  if (!command || command.isEnabled?.() === false) return false;
  command.run();
  return true;
}
