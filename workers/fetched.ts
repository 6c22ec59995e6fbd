/** The same answer, with headers that can be set: those of what was fetched cannot. A WebSocket's is as it was. */
export function changeable(fetched: Response): Response {
  return fetched.webSocket ? fetched : new Response(fetched.body, fetched);
}
