import { keyCaps } from './commands/key-caps.ts';

/** Whether this device has Cmd where others have Ctrl. */
export const isMac = /mac|iphone|ipad/i.test(navigator.platform);

/** Keys as caps: `mod+k`, `g g`. */
export function Keys({ of }: { of: string }) {
  const steps = keyCaps(of, isMac);
  return (
    <span class="keys">
      {steps.map((step, index) => (
        <kbd key={index}>{step.join(' ')}</kbd>
      ))}
    </span>
  );
}
