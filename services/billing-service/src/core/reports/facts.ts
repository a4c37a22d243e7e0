// What reports are made from: the shapes of the facts that the store yields, by the name of their source.
import type { CreditNote } from '../credit-note.ts'
import type { Invoice } from '../invoice.ts'
import type { Account, PostingKind } from '../ledger.ts'
import type { Currency } from '../money.ts'
import type { Transaction } from '../payment.ts'
import type { Instant } from '../time.ts'
import type { ContractFact } from './forecast/contracts.ts'
import type { MrrMovement } from './recurring.ts'
import type { TotalledType } from './roll-ups.ts'

/** A document that entered the books, or left them: one for each posting, at the time it was booked. */
export interface DocumentFact {
  readonly tenantId: string
  readonly kind: 'issued' | 'voided' | 'credited'
  readonly at: Instant
  readonly invoice: Invoice
  /** The credit note, where it is one. */
  readonly note: CreditNote | null
}

/** Money that came or went, as booked: a line on the account it lies on, with its transaction. */
export interface MoneyFact {
  readonly tenantId: string
  readonly kind: PostingKind
  readonly at: Instant
  readonly currency: Currency
  readonly amountMinor: number
  readonly transaction: Transaction | null
}

/** Sums of ledger lines of one account and kind, over the time before a period or a month within it. */
export interface AccountFact {
  readonly account: Account
  readonly kind: PostingKind
  readonly currency: Currency
  /** `YYYY-MM`; null: before the period. */
  readonly month: string | null
  readonly debitMinor: number
  readonly creditMinor: number
}

/** Transactions of one type that were begun in a month and succeeded. */
export interface SettledFact {
  readonly month: string
  readonly type: TotalledType
  readonly currency: Currency
  readonly amountMinor: number
  readonly transactions: number
}

/** What an invoice owes at a moment, as the ledger says. */
export interface OwedFact {
  readonly tenantId: string
  readonly customerName: string | null
  readonly currency: Currency
  readonly owedMinor: number
  readonly dueAt: Instant | null
}

/** Attempts to charge that share everything that is told apart. */
export interface AttemptFact {
  readonly status: string
  readonly methodType: string | null
  readonly currency: Currency
  readonly failureCode: string | null
  readonly declineCode: string | null
  readonly count: number
  readonly amountMinor: number
}

/** Usage of one metric on one day. */
export interface UsageFact {
  readonly metric: string
  /** `YYYY-MM-DD` in the zone of the tenant. */
  readonly day: string
  /** Decimal string. */
  readonly quantity: string
  readonly events: number
}

/** A trial of a subscription. */
export interface TrialFact {
  readonly startedAt: Instant
  readonly running: boolean
  /** The subscription came to be worth something. */
  readonly converted: boolean
}

/** The facts of each source, by its name. */
export interface Facts {
  readonly documents: DocumentFact
  readonly money: MoneyFact
  readonly accounts: AccountFact
  readonly settled: SettledFact
  readonly owed: OwedFact
  readonly attempts: AttemptFact
  readonly invoices: Invoice
  readonly usage: UsageFact
  /** In the order of their time, from the very first one. */
  readonly movements: MrrMovement
  readonly trials: TrialFact
  readonly contracts: ContractFact
}
