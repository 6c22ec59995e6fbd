import type { SuccessRates } from '../../../shared/api/performance.ts';
import { countWords, shareWords } from '../words.ts';

/** How a tier's patterns have done, by the producer's outcomes: `won 1d 61% 5d 68% n=412`, `won n/a` without any. */
export function successWords(tier: { success: SuccessRates } | { error: string } | undefined): string {
  if (!tier) return 'won –';
  const success = 'success' in tier ? tier.success : null;
  const said = (['1d', '5d'] as const).flatMap(horizon => {
    const { n, rate } = success?.[horizon] ?? { n: 0, rate: null };
    return n > 0 ? [{ n, words: `${horizon} ${shareWords(rate)}` }] : [];
  });
  if (said.length === 0) return 'won n/a';
  return `won ${said.map(({ words }) => words).join(' ')} n=${countWords(Math.max(...said.map(({ n }) => n)))}`;
}
