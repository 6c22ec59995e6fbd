import { useSignal } from '@preact/signals';
import { Pause, Pencil, Play, Plus, Trash2 } from 'lucide';
import { useEffect, useRef } from 'preact/hooks';
import type { Tier } from '../../../shared/topics.ts';
import { filterWords } from '../filter/clauses.ts';
import { useCount } from '../filter/counts.ts';
import { Icon } from '../icon.tsx';
import { facts } from '../page-state.ts';
import { MAIN_ID, type NamedSubscription } from '../state/filters.ts';
import { setSubscriptions, tiers } from '../state/tiers.ts';
import { withoutSubscription, withPaused } from './edit.ts';
import { rateOf } from './rate-words.ts';
import { SubscriptionForm } from './subscription-form.tsx';

/** A subscription: what it asks for, how much that brings, what the server thinks of it; and its form while it is edited. */
export function SubscriptionRow({ tier, subscription }: { tier: Tier; subscription: NamedSubscription }) {
  const { isOpen, button, end } = useForm();
  if (isOpen.value) {
    return (
      <li data-subscription={subscription.name}>
        <SubscriptionForm tier={tier} subscription={subscription} end={end} />
      </li>
    );
  }
  const { id, name, filter, isPaused } = subscription;
  const all = tiers[tier].subscriptions;
  return (
    <li class="subscription" data-subscription={name} data-paused={isPaused}>
      <div class="subscription-words">
        <strong>{name}</strong>
        <span>{filterWords(filter)}</span>
        {isPaused ? <span class="hint">Paused: not sent by the server</span> : <Rate tier={tier} filter={filter} />}
        <Refusal tier={tier} id={id} />
      </div>
      <button
        type="button"
        class="icon-button"
        ref={button}
        aria-label={`Edit ${name}`}
        onClick={() => {
          isOpen.value = true;
        }}
      >
        <Icon of={Pencil} />
      </button>
      <button
        type="button"
        class="icon-button"
        aria-label={`${isPaused ? 'Resume' : 'Pause'} ${name}`}
        onClick={() => setSubscriptions(tier, withPaused(all.peek(), id, !isPaused))}
      >
        <Icon of={isPaused ? Play : Pause} />
      </button>
      {id !== MAIN_ID && (
        <button
          type="button"
          class="icon-button"
          aria-label={`Delete ${name}`}
          onClick={() => setSubscriptions(tier, withoutSubscription(all.peek(), id))}
        >
          <Icon of={Trash2} />
        </button>
      )}
    </li>
  );
}

/** A button that opens the form of a new subscription in its place. */
export function NewSubscription({ tier }: { tier: Tier }) {
  const { isOpen, button, end } = useForm();
  if (isOpen.value) return <SubscriptionForm tier={tier} subscription={null} end={end} />;
  return (
    <button
      ref={button}
      type="button"
      class="button"
      onClick={() => {
        isOpen.value = true;
      }}
    >
      <Icon of={Plus} size={14} /> Add a subscription
    </button>
  );
}

/** A form in place of the button that opens it, which has the focus again when the form is done. */
function useForm() {
  const isOpen = useSignal(false);
  const wasOpen = useRef(false);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (wasOpen.current && !isOpen.value) button.current?.focus();
    wasOpen.current = isOpen.value;
  }, [isOpen.value]);
  const end = () => {
    isOpen.value = false;
  };
  return { isOpen, button, end };
}

function Rate({ tier, filter }: Pick<NamedSubscription, 'filter'> & { tier: Tier }) {
  const { count, failure } = useCount(tier, filter);
  return (
    <span class="hint" data-rate title="By the last hour">
      {rateOf(count, failure)}
    </span>
  );
}

function Refusal({ tier, id }: { tier: Tier; id: string }) {
  const { refusal } = facts[tier].value;
  if (!refusal || refusal.id !== id) return null;
  return (
    <span class="mistakes" role="alert" data-refusal={refusal.code}>
      Refused by the server: {refusal.message}
    </span>
  );
}
