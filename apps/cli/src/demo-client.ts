// Signs in at the demo of a running gateway and gives a client that speaks for that person.
import { type BillingClient, createBillingClient } from '@quittance/billing-client/client'
import { Problem } from './command.ts'

export interface SignedIn {
  readonly client: BillingClient
  /** The tenant that the token names; null for people without one. */
  readonly tenantId: string | null
}

function tenantOf(token: string): string | null {
  const [, payload = ''] = token.split('.')
  const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))
  const named = typeof claims === 'object' && claims !== null && 'tenantId' in claims
  return named && typeof claims.tenantId === 'string' ? claims.tenantId : null
}

async function demoToken(url: string, user: string): Promise<string> {
  const answer = await fetch(new URL('/demo/token', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user }),
  }).catch((cause: unknown) => {
    throw new Problem(`Nothing answers at ${url}: start Quittance first (npm start).`, { cause })
  })
  if (answer.status === 404) {
    throw new Problem(`${url} has no demo sign-ins: they exist only while the sandbox is on.`)
  }
  const body: unknown = await answer.json().catch(() => null)
  const token = typeof body === 'object' && body !== null && 'token' in body ? body.token : null
  if (!answer.ok || typeof token !== 'string') {
    throw new Problem(`Signing in as ${user} at ${url} answered ${answer.status}.`)
  }
  return token
}

/** Signs a demo person in; `tenantId` names whom the issuer's staff or the platform acts for. */
export async function signIn(url: string, user: string, tenantId?: string): Promise<SignedIn> {
  const token = await demoToken(url, user)
  const client = createBillingClient({
    baseUrl: url,
    token,
    ...(tenantId === undefined ? {} : { tenantId }),
  })
  return { client, tenantId: tenantOf(token) }
}

/** The gateway that a command talks to. */
export function gatewayUrl(given: string | undefined, port: string | undefined): string {
  const url = given ?? `http://127.0.0.1:${port || 3000}`
  if (!/^https?:\/\/[^\s]+$/.test(url) || !URL.canParse(url)) {
    throw new Problem(`"${url}" is not an address such as http://127.0.0.1:3000.`)
  }
  return url.replace(/\/+$/, '')
}
