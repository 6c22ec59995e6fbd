import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

export interface Choice<Value extends string> {
  value: Value;
  label: string;
  icon?: ComponentChildren;
}

/** One of a few, side by side: native radio buttons, so that it is one tab stop and arrows choose. */
export function Segmented<Value extends string>({
  label,
  choices,
  value,
  onChoose,
  hasWords = true,
}: {
  label: string;
  choices: readonly Choice<Value>[];
  value: Value;
  onChoose(value: Value): void;
  /** false = only the chosen one shows its word beside its icon; the others have it as a tooltip. */
  hasWords?: boolean;
}) {
  const name = useId();
  return (
    <fieldset class="segmented">
      <legend class="visually-hidden">{label}</legend>
      {choices.map(choice => (
        <label key={choice.value} title={hasWords ? undefined : choice.label}>
          <input
            type="radio"
            class="visually-hidden"
            name={name}
            value={choice.value}
            checked={choice.value === value}
            onChange={() => onChoose(choice.value)}
          />
          {choice.icon}
          <span class={hasWords ? '' : 'segment-word'}>{choice.label}</span>
        </label>
      ))}
    </fieldset>
  );
}
