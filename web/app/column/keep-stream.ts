import type { Tier } from '../../../shared/topics.ts';
import { columns } from '../columns.ts';
import { changeColumn } from '../state/settings.ts';

/** Back to the stream, however fast it is. */
export function keepStream(tier: Tier): void {
  changeColumn(tier, { view: 'stream' });
  columns[tier].keepStream();
}
