const CAPS: Record<string, [string, string]> = {
  mod: ['⌘', 'Ctrl'],
  shift: ['⇧', 'Shift'],
  Escape: ['Esc', 'Esc'],
  ArrowUp: ['↑', '↑'],
  ArrowDown: ['↓', '↓'],
  ArrowLeft: ['←', '←'],
  ArrowRight: ['→', '→'],
};

/** Keys as they are printed on the caps, step by step: `mod+k` is `[["Ctrl", "K"]]`, `g g` is `[["G"], ["G"]]`. */
export function keyCaps(keys: string, isMac: boolean): string[][] {
  return keys.split(' ').map(step =>
    // A step that is `+` itself, or ends in it, is no separator.
    step.split(/\+(?=.)/).map(part => CAPS[part]?.[isMac ? 0 : 1] ?? (part.length === 1 ? part.toUpperCase() : part)),
  );
}
