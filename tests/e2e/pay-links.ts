// Makes an invoice of a tenant of its own and a signed link to pay it, as the operator of the demo does.
import { demoTokenOf } from './demo-token.ts'
import type { ListedLink } from './pages.ts'

export interface MadeLink {
  readonly url: string
  readonly number: string
}

/** A link to an open invoice of USD 49.00. */
export async function linkToPay(
  url: string,
  { tenantId, purpose }: { readonly tenantId: string; readonly purpose: 'pay' | 'fix' },
): Promise<MadeLink> {
  const token = await demoTokenOf(url, 'operator')
  const call = async (path: string, body: object) => {
    const answer = await fetch(`${url}/api/v1/billing${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': crypto.randomUUID(),
        'x-tenant-id': tenantId,
      },
      body: JSON.stringify(body),
    })
    const told = (await answer.json()) as Readonly<Record<string, string>>
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${told.detail}`)
    return told
  }
  const invoice = await call('/invoices', {
    lineItems: [{ description: 'Onboarding', quantity: 1, unitAmount: 49 }],
  })
  const link = await call(`/invoices/${invoice.id}/pay-link`, { purpose })
  return { url: url + new URL(link.url ?? '').pathname, number: invoice.invoiceNumber ?? '' }
}

const paths = new Map<string, Promise<string>>()

async function makePath(url: string, name: string, link: ListedLink): Promise<string> {
  const made = await linkToPay(url, { tenantId: `link-${name}`, purpose: link.purpose })
  const { pathname } = new URL(made.url)
  for (const paymentMethodId of link.tried) {
    await fetch(`${url}/api/v1/billing/public/pay/${pathname.split('/')[2]}/pay`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ paymentMethodId }),
    })
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
