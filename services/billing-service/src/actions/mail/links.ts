// Where the buttons of mails lead. Pages of the dashboard, below its public address.
import type { InvoiceId } from '../../core/ids.ts'
import type { Deps } from '../../deps.ts'
import { linkTo } from '../pay-links/pay-link.ts'

type WithAddress = Pick<Deps, 'publicUrl'>

export const planLink = ({ publicUrl }: WithAddress): string => `${publicUrl}/plan`
export const usageLink = ({ publicUrl }: WithAddress): string => `${publicUrl}/usage`
export const methodsLink = ({ publicUrl }: WithAddress): string => `${publicUrl}/payment-methods`
export const transactionsLink = ({ publicUrl }: WithAddress): string => `${publicUrl}/transactions`
export const settingsLink = ({ publicUrl }: WithAddress): string => `${publicUrl}/settings`
export const invoiceLink = ({ publicUrl }: WithAddress, invoiceId: string): string =>
  `${publicUrl}/invoices/${encodeURIComponent(invoiceId)}`

/** Where an open invoice is paid: the link and the code on the document, and the button of its mail. */
export const payLink = (deps: WithAddress, invoiceId: string): string =>
  invoiceLink(deps, invoiceId)

/** Where a payer mends a charge that failed: another method, or this invoice paid now. */
export async function fixLink(
  deps: Pick<Deps, 'links' | 'publicUrl' | 'clock'>,
  about: { readonly tenantId: string; readonly invoiceId: string },
): Promise<string> {
  const invoiceId = about.invoiceId as InvoiceId
  return linkTo(deps, { tenantId: about.tenantId, invoiceId }, 'fix').url
}
