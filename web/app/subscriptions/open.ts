import { createElement } from 'preact';
import type { Tier } from '../../../shared/topics.ts';
import { openOverlay } from '../overlay.tsx';

/** Opens the manager of subscriptions at a tier, or at the list of muted symbols; its code is fetched the first time. */
export function openManager(tier: Tier, section: 'subscriptions' | 'mutes' = 'subscriptions'): void {
  void openOverlay(async () => {
    const { SubscriptionManager } = await import('./manager.tsx');
    return ({ close }) => createElement(SubscriptionManager, { close, tier, section });
  });
}
