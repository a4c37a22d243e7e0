// Speaks to a running product through its API, as an operator: with a token given, or one signed here.
import { type BillingClient, createBillingClient } from '@quittance/billing-client/client'
import { BillingError } from '@quittance/billing-client/error'
import { type Invocation, Problem } from './command.ts'
import { gatewayUrl } from './demo-client.ts'
import { secretFor } from './token.ts'
import { claimNamesOf, signToken } from './tokens.ts'

/** A client of the running product at `--url`, as an operator; acts for `--tenant` where one is named. */
export function operatorClient({ text, env }: Invocation): BillingClient {
  const given = env.QUITTANCE_TOKEN
  const token =
    given ||
    signToken(
      { subject: 'cli', tenantId: null, roles: ['operator'], hours: 1 },
      {
        secret: secretFor(env),
        issuer: env.JWT_ISSUER || undefined,
        audience: env.JWT_AUDIENCE || undefined,
        claims: claimNamesOf(env),
      },
      Date.now(),
    )
  const tenantId = text('tenant')
  const baseUrl = gatewayUrl(text('url'), env.GATEWAY_PORT)
  return createBillingClient({ baseUrl, token, ...(tenantId === undefined ? {} : { tenantId }) })
}

/** What was asked; a refusal becomes a `Problem` with each field that is wrong. */
export async function asked<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (!(cause instanceof BillingError)) throw cause
    const faults = cause.errors.map(({ path, message }) => `\n  ${path}: ${message}`)
    throw new Problem(`${cause.message}${faults.join('')}`, { cause })
  }
}
