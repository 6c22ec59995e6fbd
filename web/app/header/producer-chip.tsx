import { RadioTower } from 'lucide';
import { useDerived } from '../derived.tsx';
import { Icon } from '../icon.tsx';
import { lazy } from '../lazy.ts';
import { now } from '../now.ts';
import { Popover } from '../popover.tsx';
import { clockOffsetMs, producer } from './producer.ts';
import { producerWords } from './producer-words.ts';

const ProducerDetails = lazy(async () => (await import('./details.tsx')).ProducerDetails);

/** The producer itself: its health and streaming session, as it has last said, and how long ago. */
export function ProducerChip() {
  const { tone, label, words } = useDerived(() => producerWords(producer.value, now.value - clockOffsetMs()));
  return (
    <Popover
      name="producer"
      title="Producer"
      buttonClass="pill"
      data={{ 'data-tone': tone }}
      button={
        <>
          <Icon of={RadioTower} size={14} />
          <span class="pill-name">Producer</span> <span class="pill-figure">{label}</span>
          <span class="visually-hidden">: {words}</span>
        </>
      }
    >
      {() => <ProducerDetails />}
    </Popover>
  );
}
