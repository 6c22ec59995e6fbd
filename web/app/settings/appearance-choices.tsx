import { Monitor, Moon, Sun } from 'lucide';
import { Icon } from '../icon.tsx';
import { Segmented } from '../segmented.tsx';
import { density, palette, theme } from '../state/settings.ts';

const THEME_CHOICES = [
  { value: 'dark', label: 'Dark', icon: <Icon of={Moon} size={14} /> },
  { value: 'light', label: 'Light', icon: <Icon of={Sun} size={14} /> },
  { value: 'system', label: 'System', icon: <Icon of={Monitor} size={14} /> },
] as const;
const DENSITY_CHOICES = [
  { value: 'default', label: 'Two lines' },
  { value: 'compact', label: 'One line' },
] as const;
const PALETTE_CHOICES = [
  { value: 'default', label: 'Safe for all' },
  { value: 'western', label: 'Green up' },
  { value: 'east_asian', label: 'Red up' },
] as const;

/** Theme, density of rows, and the colours of up and down. */
export function AppearanceChoices() {
  return (
    <div class="choices">
      <h3>Theme</h3>
      <Segmented
        label="Theme"
        choices={THEME_CHOICES}
        value={theme.value}
        onChoose={chosen => {
          theme.value = chosen;
        }}
      />
      <h3>Rows</h3>
      <Segmented
        label="Rows"
        choices={DENSITY_CHOICES}
        value={density.value}
        onChoose={chosen => {
          density.value = chosen;
        }}
      />
      <h3>Up and down</h3>
      <Segmented
        label="Colours of up and down"
        choices={PALETTE_CHOICES}
        value={palette.value}
        onChoose={chosen => {
          palette.value = chosen;
        }}
      />
      <p class="swatches">
        <span class="up">▲ up</span> <span class="down">▼ down</span>
      </p>
    </div>
  );
}
