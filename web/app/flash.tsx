import { signal } from '@preact/signals';

/** How long a message stays, unless the next one comes first. */
const SHOWN_MS = 6_000;

interface Message {
  words: string;
  /** Takes back what was done. */
  undo?: () => void;
}

const message = signal<Message | null>(null);
let hiding: ReturnType<typeof setTimeout> | undefined;

/** Says shortly that something was done, for the eye and for screen readers, with a way back where there is one. */
export function flash(words: string, undo?: () => void): void {
  clearTimeout(hiding);
  message.value = { words, ...(undo && { undo }) };
  hiding = setTimeout(hide, SHOWN_MS);
}

/** Where the message is drawn; mounted once. */
export function Flash() {
  const shown = message.value;
  return (
    <div class="flash" role="status" data-shown={shown !== null}>
      {shown?.words}
      {shown?.undo && (
        <button
          type="button"
          class="link-button"
          onClick={() => {
            shown.undo!();
            hide();
          }}
        >
          Undo
        </button>
      )}
    </div>
  );
}

function hide(): void {
  clearTimeout(hiding);
  message.value = null;
}
