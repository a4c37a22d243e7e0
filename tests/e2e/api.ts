// Calls of the API by people of the demo, to set a stage before a page is opened.
import { demoTokenOf, freshTokenOf } from './demo-token.ts'

export type Answer = Readonly<Record<string, unknown>>

export interface CallOptions {
  readonly token: string
  readonly tenantId?: string
  readonly body?: object
}

/** One call; what came back, whatever its status. */
export async function ask(
  url: string,
  method: string,
  path: string,
  { token, tenantId, body }: CallOptions,
): Promise<{ readonly status: number; readonly answer: Answer }> {
  const response = await fetch(`${url}/api/v1/billing${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(method === 'GET' ? {} : { 'idempotency-key': crypto.randomUUID() }),
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...(tenantId ? { 'x-tenant-id': tenantId } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  return { status: response.status, answer: (await response.json()) as Answer }
}

/** A write of the operator on behalf of a tenant; throws what the service refused it with. */
export async function asOperator(
  url: string,
  tenantId: string,
  [method, path]: readonly ['POST' | 'PATCH', string],
  body: object,
): Promise<Answer> {
  const token = await demoTokenOf(url, 'operator')
  const { status, answer } = await ask(url, method, path, { token, tenantId, body })
  if (status >= 400) throw new Error(`${path} answered ${status}: ${answer.detail}`)
  return answer
}

export interface NewTenant {
  readonly token: string
  readonly tenantId: string
}

/** The admin of a new tenant; `trialDays` 0 charges its first plan at once. */
export async function newTenant(url: string, { trialDays }: { trialDays?: number } = {}) {
  const token = await freshTokenOf(url, 'newcomer')
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()
  const { tenantId } = JSON.parse(payload) as { tenantId: string }
  if (trialDays !== undefined) {
    await asOperator(url, tenantId, ['PATCH', '/settings'], { trialDays })
  }
  return { token, tenantId } satisfies NewTenant
}

/** A write of a tenant's admin; throws what the service refused it with. */
export async function asAdmin(
  url: string,
  { token }: NewTenant,
  path: string,
  body: object = {},
): Promise<Answer> {
  const { status, answer } = await ask(url, 'POST', path, { token, body })
  if (status >= 400) throw new Error(`${path} answered ${status}: ${answer.detail}`)
  return answer
}
