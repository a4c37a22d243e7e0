// What must hold of a tenant's books at any time, whatever happened. Each check answers what does not hold,
// in words; none of them knows what was done or what went wrong.
import type { CreditNote } from '../../core/credit-note.ts'
import { withinLimits } from '../../core/dunning.ts'
import { amountDueMinor, type Invoice } from '../../core/invoice.ts'
import type { LedgerEntry } from '../../core/ledger.ts'
import { toDecimalString } from '../../core/money.ts'
import type { Transaction } from '../../core/payment.ts'
import { isManual } from '../../core/received-payment.ts'
import { toIso } from '../../core/time.ts'
import type { Offers, TenantBooks } from './tenant-state.ts'

const sum = (amounts: readonly number[]): number => amounts.reduce((a, b) => a + b, 0)

const named = (invoice: Invoice): string => `invoice ${invoice.invoiceNumber ?? invoice.id}`

/** The figures of one invoice agree with each other. */
export function invoiceFigures(invoice: Invoice): string[] {
  const { lines, subtotalMinor, discountMinor, taxMinor, totalMinor } = invoice
  const problems: string[] = []
  const same = (what: string, left: number, right: number) => {
    if (left !== right)
      problems.push(`${named(invoice)}: ${what} is ${left}, but should be ${right}`)
  }
  same('subtotal', subtotalMinor, sum(lines.map(line => line.amountMinor)))
  same('discount', discountMinor, sum(lines.map(line => line.discountMinor)))
  same('tax of the lines', sum(lines.map(line => line.taxMinor)), taxMinor)
  same('tax of the rates', sum(invoice.taxLines.map(line => line.taxMinor)), taxMinor)
  same('total', totalMinor, subtotalMinor - discountMinor + taxMinor)
  if (totalMinor < 0) problems.push(`${named(invoice)}: the total ${totalMinor} is negative`)
  if (amountDueMinor(invoice) < 0) problems.push(`${named(invoice)}: owes less than nothing`)
  if (invoice.amountCreditedMinor > totalMinor) {
    problems.push(`${named(invoice)}: more was credited than it came to`)
  }
  if (invoice.status === 'paid') {
    const { amountPaidMinor, amountForgivenMinor, amountFromBalanceMinor } = invoice
    same(
      'what settled it',
      amountPaidMinor + amountForgivenMinor + amountFromBalanceMinor,
      totalMinor,
    )
  }
  return problems
}

/** Debits equal credits, posting by posting and in all. */
export function balancedLedger({ ledger, tenant }: TenantBooks): string[] {
  const sums = new Map<string, number>()
  for (const { postingId, currency, amountMinor } of ledger) {
    for (const name of [`posting ${postingId}`, `the ledger in ${currency}`]) {
      sums.set(name, (sums.get(name) ?? 0) + amountMinor)
    }
  }
  return [...sums]
    .filter(([, total]) => total !== 0)
    .map(([name, total]) => `${tenant.tenantId}: ${name} is out of balance by ${total}`)
}

const accountSums = (entries: readonly LedgerEntry[], account: string): Map<string, number> => {
  const sums = new Map<string, number>()
  for (const entry of entries) {
    if (entry.account !== account) continue
    sums.set(entry.currency, (sums.get(entry.currency) ?? 0) + entry.amountMinor)
  }
  return sums
}

/** What each invoice owes is what the receivable account holds for it. */
export function receivables({ invoices, ledger }: TenantBooks): string[] {
  const booked = new Map<string, number>()
  for (const { account, invoiceId, amountMinor } of ledger) {
    if (account !== 'receivable' || invoiceId === null) continue
    booked.set(invoiceId, (booked.get(invoiceId) ?? 0) + amountMinor)
  }
  return invoices.flatMap(invoice => {
    const held = ['open', 'paid'].includes(invoice.status) ? amountDueMinor(invoice) : 0
    const ledgerSays = booked.get(invoice.id) ?? 0
    return held === ledgerSays
      ? []
      : [`${named(invoice)} (${invoice.status}) owes ${held}, the ledger says ${ledgerSays}`]
  })
}

/** Credit balances are what the ledger owes to the customer. */
export function creditBalances({ balances, ledger, tenant }: TenantBooks): string[] {
  const owed = accountSums(ledger, 'customer_credit')
  const held = new Map<string, number>()
  for (const { currency, balanceMinor } of balances) {
    held.set(currency, (held.get(currency) ?? 0) + balanceMinor)
  }
  return [...new Set([...owed.keys(), ...held.keys()])].flatMap(currency => {
    const [inLedger, inBalance] = [-(owed.get(currency) ?? 0) + 0, held.get(currency) ?? 0]
    return inLedger === inBalance
      ? []
      : [`${tenant.tenantId}: balances hold ${inBalance} ${currency}, the ledger says ${inLedger}`]
  })
}

/** What lies at the processor is what came less what went back and what banks hold. */
export function clearing({ transactions, disputes, ledger, tenant }: TenantBooks): string[] {
  const moved = new Map<string, number>()
  const add = (currency: string, minor: number) =>
    moved.set(currency, (moved.get(currency) ?? 0) + minor)
  for (const each of transactions) {
    if (each.status !== 'succeeded' || isManual(each)) continue
    if (each.type === 'fee') add(each.currency, -each.amountMinor)
    if (each.type === 'payment') {
      add(each.currency, each.amountMinor)
      if (each.feeMinor !== null) add(each.settlementCurrency ?? each.currency, -each.feeMinor)
    }
    if (each.type === 'refund') add(each.currency, -each.amountMinor)
  }
  for (const each of disputes) add(each.settlementCurrency, -each.heldMinor)
  const booked = accountSums(ledger, 'processor_clearing')
  return [...new Set([...moved.keys(), ...booked.keys()])].flatMap(currency => {
    const [seen, held] = [moved.get(currency) ?? 0, booked.get(currency) ?? 0]
    return seen === held
      ? []
      : [`${tenant.tenantId}: ${seen} ${currency} came and stayed, the ledger says ${held}`]
  })
}

/** What banks hold because of disputes is what was taken and neither given back nor lost. */
export function disputesHeld({ disputes, ledger, tenant }: TenantBooks): string[] {
  const booked = accountSums(ledger, 'disputes_held')
  const held = new Map<string, number>()
  for (const { settlementCurrency, heldMinor, lostMinor } of disputes) {
    held.set(settlementCurrency, (held.get(settlementCurrency) ?? 0) + heldMinor - lostMinor)
  }
  return [...new Set([...booked.keys(), ...held.keys()])].flatMap(currency => {
    const [inLedger, inDisputes] = [booked.get(currency) ?? 0, held.get(currency) ?? 0]
    return inLedger === inDisputes
      ? []
      : [`${tenant.tenantId}: disputes hold ${inDisputes} ${currency}, the ledger says ${inLedger}`]
  })
}

/** No payment gives back more than it brought, and what is reserved on it is what its refunds say. */
export function refunds({ transactions }: TenantBooks): string[] {
  const problems: string[] = []
  for (const payment of transactions) {
    if (payment.type !== 'payment') continue
    const own = transactions.filter(
      each => each.type === 'refund' && each.relatedTransactionId === payment.id,
    )
    const inStatus = (...statuses: Transaction['status'][]) =>
      sum(own.filter(each => statuses.includes(each.status)).map(each => each.amountMinor))
    const done = inStatus('succeeded')
    const pending = inStatus('pending', 'processing', 'requires_action')
    if (payment.amountRefundedMinor !== done || payment.amountRefundPendingMinor !== pending) {
      problems.push(
        `payment ${payment.id} counts ${payment.amountRefundedMinor} given back and ` +
          `${payment.amountRefundPendingMinor} pending, its refunds say ${done} and ${pending}`,
      )
    }
    if (done + pending > payment.amountMinor) {
      problems.push(`payment ${payment.id} of ${payment.amountMinor} gives back ${done + pending}`)
    }
  }
  return problems
}

/** Numbers of each series, whoever shares it, run from 1 without a gap. */
export function gaplessNumbers(all: readonly TenantBooks[]): string[] {
  const series = new Map<string, number[]>()
  const numbers = all
    .flatMap(({ invoices, creditNotes }) => [
      ...invoices.map(each => each.invoiceNumber),
      ...creditNotes.map(each => each.creditNoteNumber),
    ])
    .filter(number => number !== null)
  for (const number of numbers) {
    const [, prefix, n] = /^(.*?)(\d+)$/.exec(number) ?? []
    if (prefix === undefined) continue
    series.set(prefix, [...(series.get(prefix) ?? []), Number(n)])
  }
  return [...series].flatMap(([prefix, taken]) =>
    taken.sort((a, b) => a - b).every((n, at) => n === at + 1)
      ? []
      : [`the numbers ${prefix} are ${taken.join(', ')}, not 1 to n`],
  )
}

const onceOnly = ['invoice.issued', 'invoice.paid', 'payment.succeeded', 'refund.succeeded']

/** An invoice is paid again when what had paid it was taken back. */
const paidAgain = (objectId: string, transactions: readonly Transaction[]): number =>
  transactions.filter(each => each.invoiceId === objectId && each.failureCode === 'reversed').length

/** What can happen to an object once was told once. */
export function eventsOnce({ events, transactions }: TenantBooks): string[] {
  const told = new Map<string, number>()
  for (const { type, objectId } of events) {
    if (!onceOnly.includes(type)) continue
    const known = type === 'invoice.paid' ? -paidAgain(objectId, transactions) : 0
    told.set(`${type} of ${objectId}`, (told.get(`${type} of ${objectId}`) ?? known) + 1)
  }
  return [...told].filter(([, times]) => times > 1).map(([what, times]) => `${what} ${times} times`)
}

/** Failed tries without the payer stay within what the networks allow for one card. */
export function dunningLimits({ transactions }: TenantBooks): string[] {
  const tries = transactions.filter(
    each => each.type === 'payment' && each.offSession && each.status === 'failed',
  )
  return tries.flatMap(each => {
    const before = tries
      .filter(other => other.fingerprint === each.fingerprint && other.createdAt < each.createdAt)
      .map(other => ({ at: other.createdAt, fingerprint: other.fingerprint }))
    const allowedAt = withinLimits(each.createdAt, before)
    return allowedAt <= each.createdAt
      ? []
      : [
          `${each.id} was tried at ${toIso(each.createdAt)}, ` +
            `but the limit of its card allows it from ${toIso(allowedAt)}`,
        ]
  })
}

/** Credits for unused time never exceed what was paid for time that they touch. */
export function creditsForPaidTime({ invoices, creditNotes, transactions }: TenantBooks): string[] {
  const problems: string[] = []
  // A cheque that bounced later had been paid when its time was credited; the debt is open again.
  const bounced = new Set(
    transactions.filter(each => each.failureCode === 'reversed').map(each => each.invoiceId),
  )
  // A change whose invoice was withdrawn or given up never came, and neither did its credit.
  const standing = invoices.filter(each => each.status === 'open' || each.status === 'paid')
  for (const invoice of standing) {
    for (const line of invoice.lines) {
      const source = line.why?.inputs.creditsLineId
      if (line.kind !== 'proration_credit' || typeof source !== 'string') continue
      const origin = invoices.find(each => each.lines.some(other => other.id === source))
      const charged = origin?.lines.find(other => other.id === source)
      const paidBefore =
        origin?.status === 'paid' && (origin.paidAt ?? 0) <= (invoice.issuedAt ?? 0)
      const counts = paidBefore || bounced.has(origin?.id ?? null)
      if (charged === undefined || !counts) {
        problems.push(
          `${named(invoice)} credits ${toDecimalString(-line.amountMinor, invoice.currency)} ` +
            `for time that was not paid for (${origin?.invoiceNumber} is ${origin?.status})`,
        )
      }
    }
  }
  return [...problems, ...creditedTwice(invoices, standing, creditNotes)]
}

/** At the same instant what takes credit back counts as before, and what gives back as after. */
const isBefore = (part: { issuedAt: number; amountMinor: number }, at: number): boolean =>
  part.amountMinor < 0 ? part.issuedAt <= at : part.issuedAt < at

/**
 * A change never gives back what is gone: what it and earlier changes credit of a line, and the credit notes
 * before it, stay within the line. A note or a refund that the issuer decides on later is its own affair.
 */
function creditedTwice(
  invoices: readonly Invoice[],
  standing: readonly Invoice[],
  notes: readonly CreditNote[],
): string[] {
  const problems: string[] = []
  const taken = new Map<string, number>()
  const inOrder = [...standing].sort((a, b) => (a.issuedAt ?? 0) - (b.issuedAt ?? 0))
  // Giving a debt up is an expense and takes nothing off the sale: what such an invoice charged, before its
  // payment bounced, it has charged still. Only one that was withdrawn never charged anything.
  const sold = invoices.filter(each => each.status !== 'draft' && each.status !== 'void')
  const charged = new Map(sold.flatMap(each => each.lines).map(line => [line.id as string, line]))
  /** A note over an invoice with such a credit takes a part of the credit back. */
  const sourceOf = (lineId: string) => charged.get(lineId)?.why?.inputs.creditsLineId ?? lineId
  for (const invoice of inOrder) {
    for (const line of invoice.lines) {
      const source = line.why?.inputs.creditsLineId
      if (line.kind !== 'proration_credit' || typeof source !== 'string') continue
      const backMinor = (taken.get(source) ?? 0) - line.amountMinor
      taken.set(source, backMinor)
      const notedMinor = sum(
        notes
          .flatMap(note => note.lines.map(each => ({ ...each, issuedAt: note.issuedAt })))
          .filter(each => sourceOf(each.invoiceLineId) === source)
          .filter(each => isBefore(each, invoice.issuedAt ?? 0))
          .map(each => each.amountMinor - each.discountMinor),
      )
      const origin = charged.get(source)
      const wholeMinor = (origin?.amountMinor ?? 0) - (origin?.discountMinor ?? 0)
      if (backMinor + notedMinor > wholeMinor) {
        problems.push(
          `${named(invoice)}: ${backMinor + notedMinor} of a line over ${wholeMinor} came back`,
        )
      }
    }
  }
  return problems
}

/** Every name of another row is a row of the same tenant. */
export function ownReferences(books: TenantBooks): string[] {
  const { tenant, subscriptions, invoices, transactions, creditNotes, ledger } = books
  const rows = [...subscriptions, ...invoices, ...transactions, ...creditNotes]
  const ids = new Set<string>(rows.map(row => row.id))
  const problems: string[] = []
  const needs = (what: string, id: string | null) => {
    if (id !== null && !ids.has(id)) {
      problems.push(`${tenant.tenantId}: ${what} names ${id}, which is no row of this tenant`)
    }
  }
  for (const row of [...rows, ...ledger]) {
    if (row.tenantId !== tenant.tenantId) problems.push(`${row.id} is a row of ${row.tenantId}`)
  }
  for (const each of transactions) {
    needs(each.id, each.invoiceId)
    needs(each.id, each.subscriptionId)
    needs(each.id, each.relatedTransactionId)
    needs(each.id, each.creditNoteId)
  }
  for (const each of [...creditNotes, ...ledger]) needs(each.id, each.invoiceId)
  for (const each of ledger) needs(each.id, each.transactionId)
  return problems
}

/** Each discount counts the invoices it stands on, and one for once stands on one. */
export function discountUses({ discounts, invoices }: TenantBooks): string[] {
  const uses = new Map<string, number>()
  for (const { status, lines } of invoices) {
    if (status === 'void') continue
    const used = new Set(lines.flatMap(line => (line.discounts ?? []).map(d => d.discountId)))
    for (const id of used) uses.set(id, (uses.get(id) ?? 0) + 1)
  }
  return discounts.flatMap(({ id, coupon, duration, status, uses: counted }) => {
    const standsOn = uses.get(id) ?? 0
    const often = duration.kind === 'once' && standsOn > 1
    return [
      ...(standsOn === counted
        ? []
        : [`${coupon} ${id} counts ${counted} uses, but stands on ${standsOn} invoices`]),
      ...(often ? [`${coupon} ${id} is for once, but stands on ${standsOn} invoices`] : []),
      ...(status === 'returned' && standsOn > 0
        ? [`${coupon} ${id} was given back, but stands on ${standsOn} invoices`]
        : []),
    ]
  })
}

/** Redemptions are counted once and given back once, and never pass what one account may. */
export function redemptions(all: readonly TenantBooks[], offers: Offers): string[] {
  const standing = all.flatMap(({ discounts }) => discounts.filter(d => d.status !== 'returned'))
  const counted = new Map(offers.counters.map(each => [each.id, each.redemptions]))
  return [...offers.coupons, ...offers.promotions].flatMap(offer => {
    const own = standing.filter(d => d.couponId === offer.id || d.promotionCodeId === offer.id)
    const perTenant = Math.max(
      0,
      ...all.map(({ tenant }) => own.filter(d => d.tenantId === tenant.tenantId).length),
    )
    const says = counted.get(offer.id) ?? 0
    const most = offer.redemptionsPerTenantMax ?? perTenant
    return [
      ...(own.length === says
        ? []
        : [`${offer.code} counts ${says} redemptions, but ${own.length} discounts stand`]),
      ...(perTenant > most
        ? [`${offer.code} was redeemed ${perTenant} times by one account, which may ${most}`]
        : []),
    ]
  })
}

const checks = [
  balancedLedger,
  receivables,
  creditBalances,
  clearing,
  disputesHeld,
  discountUses,
  refunds,
  eventsOnce,
  dunningLimits,
  creditsForPaidTime,
  ownReferences,
] as const

/** Everything that does not hold of a tenant's books. */
export const problemsOf = (books: TenantBooks): string[] => [
  ...books.invoices.flatMap(invoiceFigures),
  ...checks.flatMap(check => check(books)),
]
