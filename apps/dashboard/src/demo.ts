// The demo sign-ins of the gateway. They exist only while the sandbox is on, which is also how the
// dashboard knows that it stands before a sandbox.

export interface DemoUser {
  readonly id: string
  readonly name: string
  readonly tenantId: string | null
  readonly roles: readonly string[]
  readonly description: string
}

/** The people of the demo; null where there is no demo. */
export async function listDemoUsers(): Promise<readonly DemoUser[] | null> {
  const answer = await fetch('/demo/sign-ins', { headers: { accept: 'application/json' } })
  if (!answer.ok) return null
  const { data } = (await answer.json()) as { data: readonly DemoUser[] }
  return data
}

/** A token for one of them. Throws with the server's own sentence. */
export async function demoToken(user: string, language: string): Promise<string> {
  const answer = await fetch('/demo/token', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'accept-language': language },
    body: JSON.stringify({ user }),
  })
  const body = (await answer.json()) as { token?: string; detail?: string }
  if (!answer.ok || !body.token) throw new Error(body.detail ?? String(answer.status))
  return body.token
}
