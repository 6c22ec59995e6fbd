import type { Explanation } from '../../../shared/api/explain.ts';
import type { Answer } from './ask.ts';

/** Whether a column shows an event, and the first reason why or why not, in a sentence. `title` is the column's. */
export function verdictOf(
  title: string,
  { event, routing }: Pick<Explanation, 'event' | 'routing'>,
  { judged, hidden }: { judged: Answer['judged']; hidden: readonly string[] },
): { isShown: boolean; words: string } {
  const no = (words: string) => ({ isShown: false, words });
  const active = judged.filter(({ subscription }) => !subscription.isPaused);
  if (event.kind !== 'pattern') return no(`It is no pattern, and ${title} shows nothing else.`);
  if (active.length === 0) return no(`Nothing is sent to ${title}: what it subscribes to is paused.`);
  const isSent = routing.broadcast_all || active.some(({ told }) => told.matches);
  if (!isSent) {
    const what = active.length === 1 ? `The filter of ${title} does` : `The ${active.length} filters of ${title} do`;
    return no(`${what} not let it through.`);
  }
  if (hidden.length > 0) return no(`${title} is sent it, and this page hides it.`);
  const by = active.find(({ told }) => told.matches);
  if (!by) return { isShown: true, words: `${title} is sent it, as everybody is.` };
  return { isShown: true, words: `The filter of ${title} lets it through.` };
}
