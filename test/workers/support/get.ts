import { exports } from 'cloudflare:workers';

/** What the Worker answers to a GET, with the body read as JSON. */
export interface Answer<Body> {
  status: number;
  headers: Headers;
  body: Body;
}

export async function get<Body = Record<string, unknown>>(path: string): Promise<Answer<Body>> {
  const response = await exports.default.fetch(`http://edge.test${path}`);
  return { status: response.status, headers: response.headers, body: await response.json() };
}
