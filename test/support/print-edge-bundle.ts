/** Bundles the Worker into the folder given, and prints as JSON what `startEdge` takes. */
import { bundleEdge } from '../../bridge/local/edge.ts';

process.stdout.write(JSON.stringify(await bundleEdge(process.argv[2]!)));
