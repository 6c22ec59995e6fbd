import { createMiddleware } from 'hono/factory';
import { type Env, readWorkerConfig, type WorkerConfig } from '../env.ts';
import type { Upgrade } from '../hub/admission.ts';
import { Problem } from '../problem.ts';
import type { Caller } from './identity.ts';

/** What handlers are given beside the request. */
export interface AppEnv {
  Bindings: Env;
  Variables: {
    config: WorkerConfig;
    identity: Caller;
    /** Of WebSocket requests: what a hub is to know. */
    upgrade: Upgrade;
  };
}

const read = new WeakMap<Env, WorkerConfig | Error>();

/** Reads the configuration once per environment; while it is wrong, every answer is a 503 that names the variable. */
export const withConfig = createMiddleware<AppEnv>(async (c, next) => {
  let config = read.get(c.env);
  if (!config) {
    config = readOrError(c.env);
    read.set(c.env, config);
  }
  if (config instanceof Error) throw new Problem(503, 'misconfigured', config.message, config.message.split(':')[0]);
  c.set('config', config);
  await next();
});

function readOrError(env: Env): WorkerConfig | Error {
  try {
    return readWorkerConfig(env);
  } catch (error) {
    return error as Error;
  }
}
