import { CircleQuestionMark, Pause, Play, Settings, SunMoon } from 'lucide';
import { openHelp } from '../help/open.ts';
import { Icon } from '../icon.tsx';
import { lazy } from '../lazy.ts';
import { isPaused } from '../page-state.ts';
import { Popover } from '../popover.tsx';
import { openSettings } from '../settings/open.ts';

const AppearanceChoices = lazy(async () => (await import('../settings/appearance-choices.tsx')).AppearanceChoices);

/** The one mechanism that stops everything that moves (WCAG 2.2.2). */
export function PauseButton() {
  return (
    <button
      type="button"
      class="pause"
      aria-pressed={isPaused.value}
      title={isPaused.value ? 'Go on' : 'Pause all that moves; nothing is lost'}
      onClick={() => {
        isPaused.value = !isPaused.value;
      }}
    >
      <Icon of={isPaused.value ? Play : Pause} />
      <span>{isPaused.value ? 'Paused' : 'Pause'}</span>
    </button>
  );
}

export function AppearanceButton() {
  return (
    <Popover
      name="appearance"
      title="Appearance"
      label="Appearance: theme, density, colours"
      buttonClass="icon-button"
      button={<Icon of={SunMoon} />}
    >
      {() => <AppearanceChoices />}
    </Popover>
  );
}

export function SettingsButton() {
  return (
    <button type="button" class="icon-button" aria-label="Settings" aria-haspopup="dialog" onClick={openSettings}>
      <Icon of={Settings} />
    </button>
  );
}

export function HelpButton() {
  return (
    <button
      type="button"
      class="icon-button help-button"
      aria-label="Help and keyboard"
      aria-haspopup="dialog"
      onClick={openHelp}
    >
      <Icon of={CircleQuestionMark} />
    </button>
  );
}
