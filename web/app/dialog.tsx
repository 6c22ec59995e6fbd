import { X } from 'lucide';
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Icon } from './icon.tsx';
import type { OverlayProps } from './overlay.tsx';

/**
 * A modal dialog: a native one, so that focus stays in it and returns where it was, and Escape closes it. A click beside
 * it closes it too.
 */
export function Dialog({
  title,
  name,
  close,
  children,
  hasHead = true,
}: OverlayProps & {
  title: string;
  /** For styles and tests. */
  name: string;
  children: ComponentChildren;
  /** Whether the title is shown with a button to close; otherwise it is there for screen readers only. */
  hasHead?: boolean;
}) {
  const ref = useRef<HTMLDialogElement>(null);
  // Before anything else happens: the next key is meant for it.
  useLayoutEffect(() => {
    const dialog = ref.current!;
    dialog.onclose = close;
    dialog.showModal();
    return () => {
      // Its end is told late, when another may be open in its place.
      dialog.onclose = null;
      dialog.close();
    };
  }, []);
  const titleId = `dialog-${name}`;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it, natively.
    <dialog
      ref={ref}
      class="dialog"
      data-dialog={name}
      aria-labelledby={titleId}
      onClick={event => event.target === event.currentTarget && close()}
    >
      <div class="dialog-box">
        <header class={hasHead ? 'dialog-head' : 'visually-hidden'}>
          <h2 id={titleId}>{title}</h2>
          {hasHead && (
            <button type="button" class="icon-button" aria-label="Close" onClick={close}>
              <Icon of={X} />
            </button>
          )}
        </header>
        {children}
      </div>
    </dialog>
  );
}
