// Makes an invoice of a tenant of its own and a signed link to pay it, as the operator of the demo does.
import { demoTokenOf } from './demo-token.ts'
import type { ListedLink } from './pages.ts'

export interface MadeLink {
  readonly url: string
  readonly invoiceId: string
  readonly number: string
}

type Answer = Readonly<Record<string, string>>

/** A write of the operator on behalf of a tenant; throws what the service refused it with. */
async function write(url: string, tenantId: string, path: string, body: object): Promise<Answer> {
  const answer = await fetch(`${url}/api/v1/billing${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await demoTokenOf(url, 'operator')}`,
      'content-type': 'application/json',
      'idempotency-key': crypto.randomUUID(),
      'x-tenant-id': tenantId,
    },
    body: JSON.stringify(body),
  })
  const told = (await answer.json()) as Answer
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${told.detail}`)
  return told
}

/** A link to an open invoice of USD 49.00. */
export async function linkToPay(
  url: string,
  { tenantId, purpose }: { readonly tenantId: string; readonly purpose: 'pay' | 'fix' },
): Promise<MadeLink> {
  const invoice = await write(url, tenantId, '/invoices', {
    lineItems: [{ description: 'Onboarding', quantity: 1, unitAmount: 49 }],
  })
  const { id = '', invoiceNumber = '' } = invoice
  const link = await write(url, tenantId, `/invoices/${id}/pay-link`, { purpose })
  return { url: url + new URL(link.url ?? '').pathname, invoiceId: id, number: invoiceNumber }
}

const paths = new Map<string, Promise<string>>()

async function makePath(url: string, name: string, link: ListedLink): Promise<string> {
  const tenantId = `link-${name}`
  const made = await linkToPay(url, { tenantId, purpose: link.purpose })
  const { pathname } = new URL(made.url)
  for (const paymentMethodId of link.tried) {
    await fetch(`${url}/api/v1/billing/public/pay/${pathname.split('/')[2]}/pay`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ paymentMethodId }),
    })
  }
  if (link.voided) {
    await write(url, tenantId, `/invoices/${made.invoiceId}/void`, { reason: 'Made in error' })
  }
  return pathname
}

/** The path of the link of a listed page, made once for each product. */
export function pathOfLink(url: string, name: string, link: ListedLink): Promise<string> {
  const key = `${url} ${name}`
  const made = paths.get(key) ?? makePath(url, name, link)
  paths.set(key, made)
  return made
}
