import type { Env } from '../../workers/env.ts';
import type * as worker from '../../workers/index.ts';

declare global {
  namespace Cloudflare {
    interface Env extends EdgeEnv {}
    interface GlobalProps {
      mainModule: typeof worker;
    }
  }
}

type EdgeEnv = Env;
