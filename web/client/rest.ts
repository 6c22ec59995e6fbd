import type { HttpAnswer, HttpRequest, Runtime } from './runtime.ts';

/** Gives the bearer token for the next request; an empty one goes without. */
export type TokenSource = () => string | Promise<string>;

export interface RestParts {
  /** `https://host`, or with a path. */
  url: string;
  runtime: Runtime;
  token?: TokenSource | undefined;
  /** The server has not accepted the token, or asks for one; `detail` is what it says of it. */
  onUnauthorised?: ((detail: string) => void) | undefined;
}

/** Asks the server over HTTP, with the token where there is one. */
export class Rest {
  readonly #parts: RestParts;

  constructor(parts: RestParts) {
    this.#parts = parts;
  }

  /**
   * What the server answers, whatever its status.
   * @throws what the platform's `fetch` throws, or the source of tokens
   */
  async request(path: string, request: HttpRequest = {}): Promise<HttpAnswer> {
    const { url, runtime, onUnauthorised } = this.#parts;
    const token = await this.token();
    const headers = { ...request.headers, ...(token && { authorization: `Bearer ${token}` }) };
    const answer = await runtime.request(url + path, { ...request, headers });
    // Told from a copy: who has asked may read it too.
    if (answer.status === 401) onUnauthorised?.(await detailOf(answer.clone()));
    return answer;
  }

  /** The token as it is now; empty where there is none. */
  async token(): Promise<string> {
    return (await this.#parts.token?.()) ?? '';
  }
}

/** The `detail` of a problem document, else what can be said of the answer. */
export async function detailOf(answer: HttpAnswer): Promise<string> {
  const otherwise = `the server answered ${answer.status}`;
  try {
    const { detail } = (await answer.json()) as { detail?: unknown };
    return typeof detail === 'string' ? detail : otherwise;
  } catch {
    // No problem document: a proxy's page, or nothing.
    return otherwise;
  }
}
