import { Segmented } from '../segmented.tsx';
import { clock } from '../state/settings.ts';

const CLOCK_CHOICES = [
  { value: 'exchange', label: 'Exchange (ET)' },
  { value: 'local', label: 'Local' },
] as const;

/** Which clock the page tells times by. */
export function ClockChoice() {
  return (
    <Segmented
      label="Clock that comes first"
      choices={CLOCK_CHOICES}
      value={clock.value}
      onChoose={chosen => {
        clock.value = chosen;
      }}
    />
  );
}
