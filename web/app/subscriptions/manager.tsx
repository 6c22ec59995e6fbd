import { useSignal } from '@preact/signals';
import { TIERS, type Tier } from '../../../shared/topics.ts';
import { localClausesOf } from '../filter/clauses.ts';
import { Dialog, type OverlayProps } from '../overlay.tsx';
import { facts } from '../page-state.ts';
import { Segmented } from '../segmented.tsx';
import { mutes } from '../state/marks.ts';
import { tiers } from '../state/tiers.ts';
import { countWords, TITLES } from '../words.ts';

import { usageLines, usageOf } from './limits.ts';
import { limitsOf } from './limits-told.ts';
import { MutedSymbols } from './muted-symbols.tsx';
import { NewSubscription, SubscriptionRow } from './subscription-row.tsx';

const CHOICES = [
  ...TIERS.map(tier => ({ value: tier, label: TITLES[tier] })),
  { value: 'mutes' as const, label: 'Muted' },
];

/** What the server is asked for, tier by tier, against what is only hidden here; and the muted symbols. */
export function SubscriptionManager({
  close,
  tier,
  section,
}: OverlayProps & { tier: Tier; section: 'subscriptions' | 'mutes' }) {
  const shown = useSignal<Tier | 'mutes'>(section === 'mutes' ? 'mutes' : tier);
  return (
    <Dialog name="subscriptions" title="Subscriptions" close={close}>
      <Segmented
        label="Shown"
        choices={CHOICES.map(choice =>
          choice.value === 'mutes' && mutes.value.length > 0
            ? { ...choice, label: `Muted (${countWords(mutes.value.length)})` }
            : choice,
        )}
        value={shown.value}
        onChoose={value => {
          shown.value = value;
        }}
      />
      {shown.value === 'mutes' ? <MutedSymbols /> : <TierSubscriptions key={shown.value} tier={shown.value} />}
    </Dialog>
  );
}

function TierSubscriptions({ tier }: { tier: Tier }) {
  const subscriptions = tiers[tier].subscriptions.value;
  return (
    <section class="subscriptions" aria-label={`Subscriptions of ${TITLES[tier]}`} data-subscriptions={tier}>
      <ul>
        {subscriptions.map(subscription => (
          <SubscriptionRow key={subscription.id} tier={tier} subscription={subscription} />
        ))}
      </ul>
      <NewSubscription tier={tier} />
      {subscriptions.length > 1 && (
        <p class="hint">
          An event that several subscriptions match comes once, so together they bring less than their sum.
        </p>
      )}
      <HiddenHere tier={tier} />
      <p class="usage hint">
        {usageLines(usageOf(tier, subscriptions), limitsOf(tier)).map(({ name, used, limit }) => (
          <span key={name} data-usage={name} data-over={used > limit}>
            {countWords(used)} of {countWords(limit)} {name}
          </span>
        ))}
      </p>
    </section>
  );
}

/** What the server sends all the same. */
function HiddenHere({ tier }: { tier: Tier }) {
  const clauses = localClausesOf(tiers[tier].local.value);
  const { hidden } = facts[tier].value;
  const words = clauses.map(clause => clause.words).join(', ');
  return (
    <p class="hint" data-hidden-here>
      {clauses.length === 0
        ? 'Nothing of what the server sends is hidden here by a filter.'
        : `Hidden here, although the server sends it: all but ${words} (${countWords(hidden.local)} now).`}
      {hidden.muted > 0 && ` ${countWords(hidden.muted)} are hidden because their symbols are muted.`}
    </p>
  );
}
