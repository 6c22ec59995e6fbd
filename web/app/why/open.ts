import { createElement } from 'preact';
import type { Tier } from '../../../shared/topics.ts';
import { openOverlay } from '../overlay.tsx';

/** An event that is known here, by its content id and in words. */
export interface KnownEvent {
  id: string;
  words: string;
}

/** The session that the page has on a tier's topic; undefined = none yet. */
export type SessionIdOf = (tier: Tier) => string | undefined;

let sessionIdOf: SessionIdOf = () => undefined;

/** Says which sessions the page has. Called once by who has the connections: imported here, they would leave the first chunk. */
export function askForSessions(of: SessionIdOf): void {
  sessionIdOf = of;
}

/** Asks why an event is, or is not, in a column; without one it is looked for first. Its code is fetched the first time. */
export function openWhy(tier: Tier, event: KnownEvent | null = null): void {
  void openOverlay(async () => {
    const { WhyDialog } = await import('./why-dialog.tsx');
    return ({ close }) => createElement(WhyDialog, { close, tier, event, sessionIdOf });
  });
}
