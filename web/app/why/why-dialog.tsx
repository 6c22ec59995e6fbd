import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Tier } from '../../../shared/topics.ts';
import { Dialog } from '../dialog.tsx';
import type { OverlayProps } from '../overlay.tsx';
import { filtersOf } from '../state/tiers.ts';
import { TITLES } from '../words.ts';
import { type Answer, askWhy, type Failure, failureOf } from './ask.ts';
import { LookFor } from './look-for.tsx';
import type { KnownEvent, SessionIdOf } from './open.ts';
import { WhyAnswer } from './why-answer.tsx';

/** Why an event is, or is not, in a column: what the server says, and what this page hides. */
export function WhyDialog({
  close,
  tier,
  event,
  sessionIdOf,
}: OverlayProps & { tier: Tier; event: KnownEvent | null; sessionIdOf: SessionIdOf }) {
  const asked = useSignal(event && { tier, event });
  return (
    <Dialog name="why" title={event ? 'Why is it here?' : 'Why is an event not here?'} close={close}>
      {event === null && (
        <LookFor
          tier={tier}
          choose={(chosenTier, chosen) => {
            asked.value = chosen && { tier: chosenTier, event: chosen };
          }}
        />
      )}
      {asked.value && (
        <Asked key={`${asked.value.tier} ${asked.value.event.id}`} {...asked.value} sessionIdOf={sessionIdOf} />
      )}
    </Dialog>
  );
}

function Asked({ tier, event, sessionIdOf }: { tier: Tier; event: KnownEvent; sessionIdOf: SessionIdOf }) {
  const answer = useSignal<Answer | Failure | null>(null);
  const tries = useSignal(0);
  useEffect(() => {
    answer.value = null;
    const abort = new AbortController();
    const { subscriptions } = filtersOf(tier);
    askWhy(tier, event.id, { subscriptions, sessionId: sessionIdOf(tier) }, abort.signal).then(
      found => {
        answer.value = found;
      },
      error => {
        if (!abort.signal.aborted) answer.value = failureOf(error);
      },
    );
    return () => abort.abort();
  }, [tries.value]);
  const told = answer.value;
  return (
    <section class="why" aria-label={event.words} data-why={stateOf(told)}>
      <h3>{event.words}</h3>
      {told === null && <p role="status">Asking the hub of {TITLES[tier]}…</p>}
      {told && 'words' in told && (
        <div class="why-failure">
          <p role="alert">{told.words}</p>
          {told.canRetry && (
            <button type="button" class="button" onClick={() => tries.value++}>
              Try again
            </button>
          )}
        </div>
      )}
      {told && 'explanation' in told && <WhyAnswer tier={tier} answer={told} />}
    </section>
  );
}

function stateOf(told: Answer | Failure | null): string {
  if (told === null) return 'asking';
  return 'explanation' in told ? 'answered' : 'failed';
}
