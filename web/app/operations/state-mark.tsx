import type { LaneState } from './lanes.ts';

const MARKS: Record<LaneState, [glyph: string, word: string]> = {
  ok: ['●', 'ok'],
  warn: ['▲', 'attention'],
  down: ['■', 'down'],
  unknown: ['○', 'not known'],
};

/** How something does: a shape, a colour and a word, the word its own or one that says more. */
export function StateMark({ state, words }: { state: LaneState; words?: string }) {
  const [glyph, word] = MARKS[state];
  return (
    <span class="ops-state" data-state-of={state}>
      <span class="ops-glyph" aria-hidden="true">
        {glyph}
      </span>{' '}
      {words ?? word}
    </span>
  );
}
