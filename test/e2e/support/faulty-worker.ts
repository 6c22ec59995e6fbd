import type { HubAnswer } from '../../../shared/api/ingest.ts';
import type { Env } from '../../../workers/env.ts';
import type { HubBatch } from '../../../workers/hub/intake.ts';
import worker, { TopicHub as Hub, TopicReplica as Replica } from '../../../workers/index.ts';

export { UserHub } from '../../../workers/index.ts';

/** The Worker as it is, but for hubs that throw while they are told to, or lose their memory. */
export class TopicHub extends Hub {
  #isFaulty = false;

  setFaulty(isFaulty: boolean): void {
    this.#isFaulty = isFaulty;
  }

  abort(): void {
    this.ctx.abort('told to');
  }

  override publish(batch: HubBatch): HubAnswer {
    if (this.#isFaulty) throw new Error('told to fail');
    return super.publish(batch);
  }
}

export class TopicReplica extends Replica {
  abort(): void {
    this.ctx.abort('told to');
  }
}

export default {
  async fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (!pathname.startsWith('/api/test/')) return worker.fetch(request, env, ctx);
    const name = searchParams.get('hub')!;
    const hub = env.HUB.getByName(name) as unknown as DurableObjectStub<TopicHub>;
    const replica = env.REPLICA.getByName(name) as unknown as DurableObjectStub<TopicReplica>;
    if (pathname === '/api/test/fault') await hub.setFaulty(searchParams.get('on') === '1');
    // Its own call is broken off too.
    else await (name.includes('/') ? replica : hub).abort().catch(() => undefined);
    return new Response(null, { status: 204 });
  },
};
