// Tokens of the people of the demo.

const tokens = new Map<string, Promise<string>>()

/** One token a person: a newcomer stays the same newcomer from page to page. */
export function demoTokenOf(url: string, person: string): Promise<string> {
  const key = `${url} ${person}`
  const known = tokens.get(key)
  if (known !== undefined) return known
  const asked = fetch(`${url}/demo/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: person }),
  }).then(async answer => ((await answer.json()) as { token: string }).token)
  tokens.set(key, asked)
  return asked
}
