import { bundleEdge, type EdgeBundle } from '../../bridge/local/edge.ts';
import { BUNDLE_VARIABLE } from './bundle-once.ts';

/** The bundle of the run; outside of one, or of another Worker entry, one that is made in `dataDir`. */
export async function edgeBundle(dataDir: string, main?: string): Promise<EdgeBundle> {
  const made = process.env[BUNDLE_VARIABLE];
  return made && !main ? (JSON.parse(made) as EdgeBundle) : bundleEdge(dataDir, main);
}
