import type { Tier } from '../../../shared/topics.ts';
import { Dialog } from '../dialog.tsx';
import { FilterBar } from '../filter/filter-bar.tsx';
import type { OverlayProps } from '../overlay.tsx';
import { TITLES } from '../words.ts';
import { ViewChoice } from './view-choice.tsx';

/** A column's view and filters, from the bottom of a phone, where they have no room above the rows. */
export function FilterSheet({ tier, close }: OverlayProps & { tier: Tier }) {
  return (
    <Dialog name="filters" title={`${TITLES[tier]}: view and filters`} close={close}>
      <ViewChoice tier={tier} hasWords />
      <FilterBar tier={tier} isWhole />
    </Dialog>
  );
}
