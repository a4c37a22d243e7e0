// Makes an invoice of a tenant of its own and a signed link to pay it, as the operator of the demo does.
import { asOperator } from './api.ts'
import type { ListedLink } from './pages.ts'

export interface MadeLink {
  readonly url: string
  readonly invoiceId: string
  readonly number: string
}

/** A link to an open invoice of USD 49.00. */
export async function linkToPay(
  url: string,
  { tenantId, purpose }: { readonly tenantId: string; readonly purpose: 'pay' | 'fix' },
): Promise<MadeLink> {
  const invoice = await asOperator(url, tenantId, ['POST', '/invoices'], {
    lineItems: [{ description: 'Onboarding', quantity: 1, unitAmount: 49 }],
  })
  const id = String(invoice.id)
  const link = await asOperator(url, tenantId, ['POST', `/invoices/${id}/pay-link`], { purpose })
  const { pathname } = new URL(String(link.url))
  return { url: url + pathname, invoiceId: id, number: String(invoice.invoiceNumber) }
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
    const reason = { reason: 'Made in error' }
    await asOperator(url, tenantId, ['POST', `/invoices/${made.invoiceId}/void`], reason)
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
