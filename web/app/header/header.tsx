import { FlaskConical, Search } from 'lucide';
import { TIERS } from '../../../shared/topics.ts';
import { openCommandMenu } from '../commands/open.ts';
import { useDerived } from '../derived.tsx';
import { Icon } from '../icon.tsx';
import { Keys } from '../keys.tsx';
import { facts } from '../page-state.ts';
import { PageNavigation } from '../pages/links.tsx';
import { LatencyReadout } from './latency-readout.tsx';
import { AppearanceButton, HelpButton, PauseButton, SettingsButton } from './page-buttons.tsx';
import { isGuest } from './producer.ts';
import { ProducerChip } from './producer-chip.tsx';
import { SessionClock } from './session-clock.tsx';
import { TierPill } from './tier-pill.tsx';

/** What concerns the whole page: where it stands, how late it is, what time it is, and its controls. */
export function Header() {
  return (
    <header class="top">
      <div class="top-line">
        <h1 class="brand">
          <BrandMark />
          <span>TickStock</span>
        </h1>
        <button type="button" class="command-box" aria-haspopup="dialog" onClick={openCommandMenu}>
          <Icon of={Search} />
          <span class="command-box-words">Search commands</span>
          <Keys of="mod+k" />
        </button>
        <section class="status" aria-label="Status">
          {TIERS.map(tier => (
            <TierPill key={tier} tier={tier} />
          ))}
          <ProducerChip />
          <LatencyReadout />
        </section>
      </div>
      <div class="top-line">
        <SessionClock />
        <SourceChips />
        <div class="page-buttons">
          <PageNavigation />
          <PauseButton />
          <AppearanceButton />
          <SettingsButton />
          <HelpButton />
        </div>
      </div>
    </header>
  );
}

/** Nobody may take a simulator's events for the market's, nor an open server for one that knows its users. */
function SourceChips() {
  const isSimulated = useDerived(() => TIERS.some(tier => facts[tier].value.isSimulated));
  return (
    <div class="chips">
      {isSimulated && (
        <p class="chip" data-chip="simulated" data-tone="warn">
          <Icon of={FlaskConical} size={14} />
          Simulated data
        </p>
      )}
      {isGuest.value && (
        <p class="guest" data-chip="guest" title="This server asks nobody to sign in">
          open access: guest
        </p>
      )}
    </div>
  );
}

function BrandMark() {
  return (
    <svg class="brand-mark" viewBox="0 0 16 16" width="20" height="20" aria-hidden="true">
      <path d="M2 11l4-4 3 3 5-6" />
    </svg>
  );
}
