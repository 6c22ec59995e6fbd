import { useSignal } from '@preact/signals';
import type { PatternEvent } from '../../../shared/events.ts';
import { copyText } from '../export/copy.ts';
import { flash } from '../flash.tsx';

/** The event as it came, as text. */
export function RawEvent({ event }: { event: PatternEvent }) {
  const isOpen = useSignal(false);
  const text = isOpen.value ? JSON.stringify(event, null, 2) : '';
  return (
    <details
      class="raw-event"
      onToggle={toggled => {
        isOpen.value = toggled.currentTarget.open;
      }}
    >
      <summary>Raw event</summary>
      {isOpen.value && (
        <>
          <button
            type="button"
            class="button"
            onClick={async () =>
              flash((await copyText(text)) ? 'Event copied as JSON' : 'The browser does not allow copying')
            }
          >
            Copy JSON
          </button>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is to be reached by keyboard. */}
          <pre tabIndex={0}>{text}</pre>
        </>
      )}
    </details>
  );
}
