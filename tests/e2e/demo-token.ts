// Tokens of the people of the demo.

const tokens = new Map<string, Promise<string>>()

/** A new token; of a newcomer, that of a new tenant. */
export async function freshTokenOf(url: string, person: string): Promise<string> {
  const answer = await fetch(`${url}/demo/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: person }),
  })
  return ((await answer.json()) as { token: string }).token
}

/** One token a person: a newcomer stays the same newcomer from page to page. */
export function demoTokenOf(url: string, person: string): Promise<string> {
  const key = `${url} ${person}`
  const asked = tokens.get(key) ?? freshTokenOf(url, person)
  tokens.set(key, asked)
  return asked
}
