import { flash } from '../flash.tsx';
import { deleteBacktest } from './api.ts';

/** Has a backtest stopped, or taken from the list; what comes of it the server tells every window. */
export async function stopOrRemove(jobId: string): Promise<void> {
  try {
    await deleteBacktest(jobId);
  } catch (error) {
    flash(`Nothing was changed: ${error instanceof Error ? error.message : String(error)}`);
  }
}
