import { useSignal } from '@preact/signals';
import { Trash2 } from 'lucide';
import { TIERS, type Tier } from '../../../shared/topics.ts';
import { Dialog } from '../dialog.tsx';
import { filterWords, localClausesOf } from '../filter/clauses.ts';
import { sentFilter } from '../filter/universes.ts';
import { Icon } from '../icon.tsx';
import type { OverlayProps } from '../overlay.tsx';
import { facts } from '../page-state.ts';
import { Segmented } from '../segmented.tsx';
import { mutes } from '../state/marks.ts';
import { deleteNotShown, notShown, showToo } from '../state/named.ts';
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
      <NotShown tier={tier} />
      {subscriptions.length > 1 && (
        <p class="hint">
          An event that several subscriptions match comes once, so together they bring less than their sum.
        </p>
      )}
      <HiddenHere tier={tier} />
      <p class="usage hint">
        {usageLines(usageOf(tier, subscriptions, sentFilter), limitsOf(tier)).map(({ name, used, limit }) => (
          <span key={name} data-usage={name} data-over={used > limit}>
            {countWords(used)} of {countWords(limit)} {name}
          </span>
        ))}
      </p>
    </section>
  );
}

/** The user's own that a link or a view leaves out. */
function NotShown({ tier }: { tier: Tier }) {
  const subscriptions = notShown(tier);
  if (subscriptions.length === 0) return null;
  return (
    <>
      <p class="hint">Yours, and not in what is shown now:</p>
      <ul data-not-shown>
        {subscriptions.map(subscription => (
          <li key={subscription.id} class="subscription">
            <div class="subscription-words">
              <strong>{subscription.name}</strong>
              <span>{filterWords(subscription.filter)}</span>
            </div>
            <button type="button" class="button" onClick={() => showToo(tier, subscription)}>
              Show<span class="visually-hidden"> {subscription.name}</span>
            </button>
            <button
              type="button"
              class="icon-button"
              aria-label={`Delete ${subscription.name}`}
              onClick={() => deleteNotShown(tier, subscription)}
            >
              <Icon of={Trash2} />
            </button>
          </li>
        ))}
      </ul>
    </>
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
