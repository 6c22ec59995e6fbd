import { signal } from '@preact/signals';
import type { FunctionComponent } from 'preact';
import { announcer } from './page-state.ts';

/** What an overlay is given: how it closes itself. */
export interface OverlayProps {
  close(): void;
}

interface Opened {
  /** Tells one opening from the next of the same. */
  number: number;
  Content: FunctionComponent<OverlayProps>;
}

const opened = signal<Opened | null>(null);
let openings = 0;

/** Opens a dialog over the page, in place of one that is open. Its code may be a chunk of its own: `load` fetches it. */
export async function openOverlay(load: () => Promise<FunctionComponent<OverlayProps>>): Promise<void> {
  const number = ++openings;
  try {
    const Content = await load();
    if (number === openings) opened.value = { number, Content };
  } catch {
    announcer.say('Page', 'This part of the page could not be loaded. Check the connection and try again.');
  }
}

export function closeOverlay(): void {
  openings++;
  opened.value = null;
}

/** Where the open dialog is drawn; mounted once. */
export function Overlay() {
  if (!opened.value) return null;
  const { number, Content } = opened.value;
  return <Content key={number} close={closeOverlay} />;
}
