import { env, exports } from 'cloudflare:workers';
import { GUEST_COOKIE } from '../../../shared/limits.ts';
import { newGuest } from '../../../workers/identity/guest.ts';

/** What `/api/me` answers: documents by their kind, or a problem. */
interface Answer {
  revision: number;
  field?: string;
  detail?: string;
  [name: string]: unknown;
}

/** A guest with a cookie that the Worker knows, and what the Worker answers to that guest. */
export class Guest {
  readonly userId: string;
  readonly cookie: string;

  private constructor(userId: string, cookie: string) {
    this.userId = userId;
    this.cookie = cookie;
  }

  static async arrive(): Promise<Guest> {
    const { userId, cookie } = await newGuest(env.SESSION_SECRET!);
    return new Guest(userId, `${GUEST_COOKIE}=${cookie}`);
  }

  /** The object that keeps what is this guest's. */
  get hub() {
    return env.USER.getByName(this.userId);
  }

  async ask(method: string, path: string, body?: unknown): Promise<{ status: number; body: Answer }> {
    const response = await exports.default.fetch(`http://edge.test/api/me${path}`, {
      method,
      headers: { cookie: this.cookie },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  }
}
