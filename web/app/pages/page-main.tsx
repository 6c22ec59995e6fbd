import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { hasMoved } from './place.ts';

/** A page other than that of the columns: its heading, which has the focus once somebody came to it, and the rest. */
export function PageMain({ title, children }: { title: string; children: ComponentChildren }) {
  const ref = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    if (hasMoved) ref.current!.focus();
  }, []);
  return (
    <main id="page" class="page-main" tabIndex={-1}>
      <h2 ref={ref} class="page-title" tabIndex={-1}>
        {title}
      </h2>
      {children}
    </main>
  );
}
