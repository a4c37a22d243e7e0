// Paying, refunding, billing by hand, withdrawing and crediting.
import { createCreditNote } from '../../../actions/credits/create-credit-note.ts'
import { adjustBalance } from '../../../actions/credits/credit-balance.ts'
import {
  createInvoice,
  deleteDraft,
  finalizeInvoice,
  voidOpenInvoice,
  writeOff,
} from '../../../actions/invoices/invoice-verbs.ts'
import { payInvoice } from '../../../actions/invoices/pay-invoice.ts'
import { createRefund } from '../../../actions/transactions/refund.ts'
import { amountDueMinor } from '../../../core/invoice.ts'
import { refundableMinor, type Transaction } from '../../../core/payment.ts'
import { currencyOf } from '../tenant-state.ts'
import { act, invoiceThat, type Operation, one, partOf, type Scene } from './scene.ts'

export const pay: Operation = scene => {
  const invoice = invoiceThat(scene, each => amountDueMinor(each) > 0)
  return invoice === null
    ? null
    : act(`pays ${invoice.invoiceNumber}`, (deps, caller) =>
        payInvoice(deps, caller, invoice.id, {}),
      )
}

const refundable = (scene: Scene): Transaction | null =>
  one(
    scene,
    scene.transactions.filter(each => each.type === 'payment' && refundableMinor(each) > 0),
  )

export const refund: Operation = scene => {
  const payment = refundable(scene)
  if (payment === null || payment.status !== 'succeeded') return null
  const { random } = scene
  const amountMinor = random.chance(0.3) ? null : partOf(random, payment.amountMinor)
  return act(`refunds ${amountMinor ?? 'all'} of ${payment.amountMinor}`, (deps, caller) =>
    createRefund(deps, caller, payment.id, { amountMinor, reason: null }),
  )
}

const item = (description: string, quantity: string, unitAmount: string) => ({
  description,
  quantity,
  unitAmount,
  taxRatePpm: null,
})

export const bill: Operation = scene => {
  const { random } = scene
  const unitAmount = random.pick([5, 12, 250, 1999])
  const input = {
    currency: currencyOf(scene),
    lineItems: [
      item('Consulting', String(random.whole(1, 9)), String(unitAmount)),
      ...(random.chance(0.3) ? [item('Travel', '1', '30')] : []),
    ],
    dueAt: null,
    autoFinalize: random.chance(0.7),
    collection: random.chance(0.4) ? ('automatic' as const) : ('manual' as const),
    metadata: {},
  }
  return act(`is billed by hand ${JSON.stringify(input.lineItems)}`, (deps, caller) =>
    createInvoice(deps, caller, input),
  )
}

export const issueDraft: Operation = scene => {
  const draft = invoiceThat(scene, each => each.status === 'draft')
  return draft === null
    ? null
    : act('issues a draft by hand', (deps, caller) => finalizeInvoice(deps, caller, draft.id))
}

export const dropDraft: Operation = scene => {
  const draft = invoiceThat(scene, each => each.status === 'draft' && each.subscriptionId === null)
  return draft === null
    ? null
    : act('deletes a draft', (deps, caller) => deleteDraft(deps, caller, draft.id))
}

export const withdraw: Operation = scene => {
  const open = invoiceThat(scene, each => each.status === 'open')
  return open === null
    ? null
    : act(`voids ${open.invoiceNumber}`, (deps, caller) => voidOpenInvoice(deps, caller, open.id))
}

export const giveUp: Operation = scene => {
  const open = invoiceThat(scene, each => each.status === 'open')
  return open === null
    ? null
    : act(`writes ${open.invoiceNumber} off`, (deps, caller) => writeOff(deps, caller, open.id))
}

export const credit: Operation = scene => {
  const issued = invoiceThat(
    scene,
    each => !['draft', 'void'].includes(each.status) && each.totalMinor > each.amountCreditedMinor,
  )
  if (issued === null) return null
  const { random } = scene
  const leftMinor = issued.totalMinor - issued.amountCreditedMinor
  const amountMinor = random.chance(0.3) ? null : partOf(random, leftMinor)
  const toBalance = random.chance(0.6)
  const creditedMinor = amountMinor ?? leftMinor
  const returnedMinor = Math.max(0, creditedMinor - amountDueMinor(issued))
  const input = {
    lines: null,
    amountMinor,
    reason: null,
    refundMinor: toBalance ? null : returnedMinor,
    creditMinor: null,
  }
  return act(`credits ${amountMinor ?? 'all'} of ${issued.invoiceNumber}`, (deps, caller) =>
    createCreditNote(deps, caller, issued.id, input),
  )
}

export const adjust: Operation = scene => {
  const amountMinor = scene.random.pick([700, 2500, -300, 4000])
  const currency = currencyOf(scene)
  return act(`adjusts the balance by ${amountMinor}`, (deps, caller) =>
    adjustBalance(deps, caller, { currency, amountMinor, reason: 'goodwill' }),
  )
}

/** Some lines alone, whole or in part; what is beyond the debt goes where the operator says. */
export const creditLines: Operation = scene => {
  const issued = invoiceThat(scene, each => !['draft', 'void'].includes(each.status))
  if (issued === null) return null
  const { random } = scene
  const lines = issued.lines
    .map(line => {
      const leftMinor = line.amountMinor - line.discountMinor - (line.creditedNetMinor ?? 0)
      return { lineId: line.id, leftMinor }
    })
    .filter(({ leftMinor }) => leftMinor > 0 && random.chance(0.6))
    .map(({ lineId, leftMinor }) => ({ lineId, netMinor: partOf(random, leftMinor) }))
  if (lines.length === 0) return null
  const input = { lines, amountMinor: null, reason: null, refundMinor: null, creditMinor: null }
  return act(`credits ${lines.length} lines of ${issued.invoiceNumber}`, (deps, caller) =>
    createCreditNote(deps, caller, issued.id, input),
  )
}
