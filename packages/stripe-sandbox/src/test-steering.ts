// For tests only: calls the steering addresses of a sandbox.

import type { Sandbox } from './server.ts'

export type Steering = <Answer = Record<string, unknown>>(
  path: string,
  body?: unknown,
  method?: 'GET' | 'POST' | 'DELETE',
) => Promise<Answer>

/** `steer('clock', { by: '2h' })` posts to `/sandbox/clock`. */
export function steeringOf(sandbox: Pick<Sandbox, 'url' | 'secretKey'>): Steering {
  return async (path, body = {}, method = 'POST') => {
    const answer = await fetch(`${sandbox.url}/sandbox/${path}`, {
      method,
      headers: { authorization: `Bearer ${sandbox.secretKey}` },
      ...(method === 'POST' ? { body: JSON.stringify(body) } : {}),
    })
    return (await answer.json()) as never
  }
}

/** Presses a button of a hosted page: posts its fields and answers where the browser is sent. */
export async function press(url: string, fields: Record<string, string>) {
  const answer = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams(fields),
    redirect: 'manual',
  })
  return {
    status: answer.status,
    location: answer.headers.get('location') ?? '',
    text: await answer.text(),
  }
}
