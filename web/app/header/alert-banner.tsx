import { Info, TriangleAlert, X } from 'lucide';
import { useEffect } from 'preact/hooks';
import { Icon } from '../icon.tsx';
import { now } from '../now.ts';
import { announcer } from '../page-state.ts';
import { clock } from '../state/settings.ts';
import { alertWords } from './alert-words.ts';
import { clockOffsetMs, dismissedAlert, producer } from './producer.ts';
import { toneOf } from './producer-state.ts';

/** The producer's newest critical alert, until someone puts it away. Recoveries are announced there too, as `info`. */
export function AlertBanner() {
  const { alert } = producer.value;
  const isShown = alert !== null && alert.id !== dismissedAlert.value;
  const severity = alert?.severity ?? 'no severity';
  const words = alert ? alertWords(alert, now.value - clockOffsetMs(), clock.value) : '';
  useEffect(() => {
    if (isShown) announcer.say('Producer', `Producer alert, ${severity}: ${words}`);
  }, [isShown && alert.id]);
  if (!isShown) return null;
  const isGood = toneOf(alert.severity) === 'ok';
  return (
    <aside class="banner" data-banner="alert" data-tone={isGood ? 'ok' : 'err'} aria-label="Producer alert">
      <Icon of={isGood ? Info : TriangleAlert} />
      <p>
        <strong>Producer alert ({severity})</strong> {words}
      </p>
      <button
        type="button"
        class="icon-button"
        aria-label="Dismiss the alert"
        onClick={() => {
          dismissedAlert.value = alert.id;
        }}
      >
        <Icon of={X} />
      </button>
    </aside>
  );
}
