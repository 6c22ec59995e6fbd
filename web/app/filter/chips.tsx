import { EyeOff, X } from 'lucide';
import type { ComponentChildren } from 'preact';
import type { Tier } from '../../../shared/topics.ts';
import { Icon } from '../icon.tsx';
import { mainOf, setLocal, setMain, setSubscriptions, tiers } from '../state/tiers.ts';
import { openManager } from '../subscriptions/open.ts';
import { TITLES } from '../words.ts';
import { clausesOf, localClausesOf, withoutClause, withoutLocalClause } from './clauses.ts';

/**
 * The parts of a tier's filter but for the confidence, which the slider shows, each with a button that takes it away: what the server is asked for, then what is only
 * hidden on the page, then how many further subscriptions there are.
 */
export function Chips({ tier }: { tier: Tier }) {
  const main = mainOf(tier);
  const local = tiers[tier].local.value;
  const others = tiers[tier].subscriptions.value.length - 1;
  return (
    <ul class="filter-chips" aria-label={`Filters of ${TITLES[tier]}`}>
      {main.isPaused && (
        <Chip
          kind="paused"
          words="paused"
          title="The main subscription is paused: the server sends nothing for it"
          remove={{
            label: 'Resume the main subscription',
            act: () => {
              const [paused, ...rest] = tiers[tier].subscriptions.peek();
              setSubscriptions(tier, [{ ...paused!, isPaused: false }, ...rest]);
            },
          }}
        />
      )}
      {clausesOf(withoutClause(main.filter, 'confidence_min')).map(({ id, words, fullWords }) => (
        <Chip
          key={id}
          kind="server"
          words={words}
          title={`${fullWords}: the server sends nothing else`}
          remove={{ label: `Remove filter ${words}`, act: () => setMain(tier, withoutClause(main.filter, id)) }}
        />
      ))}
      {localClausesOf(local).map(({ id, words }) => (
        <Chip
          key={id}
          kind="local"
          words={words}
          title={`${words}: hidden here, although the server sends it`}
          remove={{
            label: `Remove filter ${words}, hidden here`,
            act: () => setLocal(tier, withoutLocalClause(local, id)),
          }}
        />
      ))}
      {others > 0 && (
        <li>
          <button
            type="button"
            class="filter-chip"
            data-chip="subscriptions"
            title="Further subscriptions of this column"
            onClick={() => openManager(tier)}
          >
            +{others} {others === 1 ? 'subscription' : 'subscriptions'}
          </button>
        </li>
      )}
    </ul>
  );
}

function Chip({
  kind,
  words,
  title,
  remove,
}: {
  kind: 'server' | 'local' | 'paused';
  words: ComponentChildren;
  title: string;
  remove: { label: string; act(): void };
}) {
  return (
    <li class="filter-chip" data-chip={kind} title={title}>
      {kind === 'local' && <Icon of={EyeOff} size={12} />}
      <span>{words}</span>
      <button type="button" aria-label={remove.label} onClick={remove.act}>
        <Icon of={X} size={12} />
      </button>
    </li>
  );
}
