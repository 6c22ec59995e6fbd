import { defaultRuntime, type Runtime } from '../../../web/client/runtime.ts';
import { checkFrame, readFrame } from '../../support/documented-frames.ts';

/** The platform's runtime, which notes what about any frame is otherwise than written down. */
export function documentedRuntime(faults: string[]): Runtime {
  const runtime = defaultRuntime();
  return {
    ...runtime,
    openSocket(url, protocols) {
      const socket = runtime.openSocket(url, protocols);
      const channel = url.endsWith('/ws/me') ? 'me' : 'topic';
      (socket as unknown as WebSocket).addEventListener('message', ({ data }) =>
        faults.push(...checkFrame(channel, readFrame(data)).faults),
      );
      return socket;
    },
  };
}
