/** Prints as JSON what wrangler reads in wrangler.toml, in the form Miniflare takes. A process of its own: wrangler is large. */
import { unstable_getMiniflareWorkerOptions } from 'wrangler';
import { inRepository } from './paths.ts';

const { workerOptions } = unstable_getMiniflareWorkerOptions(inRepository('wrangler.toml'));
// Rules for modules are for sources: what runs is the bundle, one module.
process.stdout.write(JSON.stringify({ ...workerOptions, modulesRules: undefined }));
