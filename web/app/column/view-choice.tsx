import { Flame, Layers, List } from 'lucide';
import type { Tier } from '../../../shared/topics.ts';
import type { View } from '../../live/facts.ts';
import { useDerived } from '../derived.tsx';
import { Icon } from '../icon.tsx';
import { facts } from '../page-state.ts';
import { Segmented } from '../segmented.tsx';
import { changeColumn } from '../state/settings.ts';
import { TITLES } from '../words.ts';

const VIEW_CHOICES = [
  { value: 'stream', label: 'Stream', icon: <Icon of={List} size={14} /> },
  { value: 'grouped', label: 'Grouped', icon: <Icon of={Layers} size={14} /> },
  { value: 'top', label: 'Top', icon: <Icon of={Flame} size={14} /> },
] as const;

/** How a column shows its events; what is chosen is what it does now, which may not be what was asked for. */
export function ViewChoice({ tier, hasWords }: { tier: Tier; hasWords: boolean }) {
  return (
    <Segmented
      label={`View of ${TITLES[tier]}`}
      choices={VIEW_CHOICES}
      value={useDerived(() => facts[tier].value.view)}
      hasWords={hasWords}
      onChoose={(view: View) => changeColumn(tier, { view })}
    />
  );
}
