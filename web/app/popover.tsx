import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

/**
 * A button that opens a small panel below itself: a native popover, so that Escape, a click elsewhere and another popover
 * close it. What is in it is drawn only while it is open.
 */
export function Popover({
  name,
  label,
  title,
  button,
  buttonClass,
  data,
  children,
}: {
  /** For styles and tests. */
  name: string;
  /** What a screen reader calls the button. */
  label?: string | undefined;
  /** The panel's heading. */
  title: string;
  button: ComponentChildren;
  buttonClass: string;
  /** Data attributes of the button. */
  data?: Record<`data-${string}`, string>;
  children(): ComponentChildren;
}) {
  const id = useId();
  const isOpen = useSignal(false);
  return (
    <>
      <button
        type="button"
        class={buttonClass}
        aria-label={label}
        aria-expanded={isOpen.value}
        aria-haspopup="dialog"
        popovertarget={id}
        data-popover-of={name}
        {...data}
      >
        {button}
      </button>
      <div
        id={id}
        popover="auto"
        class="popover"
        role="dialog"
        aria-label={title}
        data-popover={name}
        onBeforeToggle={event => {
          if ((event as unknown as ToggleEvent).newState === 'open') isOpen.value = true;
        }}
        // After it is closed: what has the focus must still be there for the browser to give it back.
        onToggle={event => {
          if ((event as unknown as ToggleEvent).newState === 'closed') isOpen.value = false;
        }}
      >
        {isOpen.value && (
          <>
            <h2>{title}</h2>
            {children()}
          </>
        )}
      </div>
    </>
  );
}
