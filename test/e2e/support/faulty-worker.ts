import type { HubAnswer } from '../../../shared/ingest-protocol.ts';
import type { Env } from '../../../workers/env.ts';
import type { HubBatch } from '../../../workers/hub/intake.ts';
import worker, { TopicHub as Hub } from '../../../workers/index.ts';

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

export default {
  async fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (!pathname.startsWith('/api/test/')) return worker.fetch(request, env, ctx);
    const hub = env.HUB.getByName(searchParams.get('topic')!) as unknown as DurableObjectStub<TopicHub>;
    if (pathname === '/api/test/fault') await hub.setFaulty(searchParams.get('on') === '1');
    // Its own call is broken off too.
    else await hub.abort().catch(() => undefined);
    return new Response(null, { status: 204 });
  },
};
