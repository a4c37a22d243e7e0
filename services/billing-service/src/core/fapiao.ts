// What is kept for China's fapiao: the buyer as the tax bureau knows it, and which fapiao was issued for which of our
// documents. The bureau's platform issues them and gives their numbers; ours are never derived from theirs.
import type { CreditNote } from './credit-note.ts'
import type { Invoice, TaxLine } from './invoice.ts'
import type { Currency } from './money.ts'
import { refuse } from './refusal.ts'
import type { Instant } from './time.ts'

/** Special (专票) lets the buyer deduct its input tax; general (普票) does not. */
export type FapiaoType = 'general' | 'special'

/** What a buyer asks to be printed. */
export interface FapiaoTerms {
  readonly type: FapiaoType
  readonly title: string
  readonly taxNumber: string | null
  readonly address: string | null
  readonly phone: string | null
  readonly bankName: string | null
  /** The account of a company, as printed under 开户行及账号; never a card. */
  readonly bankAccount: string | null
  readonly remarks: string | null
  readonly email: string | null
}

/** The terms of one billing account, under its id. */
export interface FapiaoBuyer extends FapiaoTerms {
  readonly tenantId: string
  readonly id: string
  readonly createdAt: Instant
  readonly updatedAt: Instant
  readonly version: number
}

/** The fapiao that was issued for an invoice (blue) or a credit note (red), under the id of that document. */
export interface Fapiao {
  readonly tenantId: string
  readonly id: string
  readonly kind: 'blue' | 'red'
  readonly type: FapiaoType
  readonly invoiceId: string
  /** Our number of the document. */
  readonly documentNumber: string
  /** The number that the tax platform gave. */
  readonly number: string
  /** Of a red one: the blue one that it takes back. */
  readonly blueNumber: string | null
  /** `YYYY-MM-DD`, as printed. */
  readonly issuedOn: string
  readonly createdAt: Instant
  readonly updatedAt: Instant
  readonly version: number
}

const creditCodeLetters = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const creditCodeWeights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]

/** Whether 18 characters are a unified social credit code with its check character (GB 32100-2015). */
export function isCreditCode(text: string): boolean {
  if (!/^[0-9A-HJ-NPQRTUWXY]{18}$/.test(text)) return false
  const sum = creditCodeWeights.reduce(
    (total, weight, at) => total + weight * creditCodeLetters.indexOf(text[at]!),
    0,
  )
  return creditCodeLetters[(31 - (sum % 31)) % 31] === text[17]
}

/**
 * Refuses `invalid_request` for a special fapiao without a tax number, and for 18 characters that are no credit code.
 * Older numbers of 15 or 20 characters carry no check.
 */
export function assertTerms({ type, taxNumber }: FapiaoTerms): void {
  const wrong = (message: string) =>
    refuse('invalid_request', {}, [{ path: '/taxNumber', message }])
  if (taxNumber === null) {
    if (type === 'special') wrong('a special fapiao needs the tax number of its buyer')
    return
  }
  if (taxNumber.length === 18 && !isCreditCode(taxNumber)) {
    wrong('is no unified social credit code: its check character differs')
  }
}

/** A line of the file for issuing. Of a red one all amounts are negative. */
export interface FapiaoLine {
  readonly tenantId: string
  readonly currency: Currency
  readonly kind: 'blue' | 'red'
  /** Our number of the document. */
  readonly serial: string
  readonly issuedAt: Instant
  readonly buyer: FapiaoTerms
  readonly item: string
  /** Decimal strings; null where an amount stands without them. */
  readonly quantity: string | null
  readonly unitAmount: string | null
  readonly amountMinor: number
  readonly discountMinor: number
  /** Parts per million; null where lines of several rates stand together. */
  readonly taxRatePpm: number | null
  readonly taxMinor: number
  readonly blueNumber: string | null
}

type LineShape = Pick<
  Invoice['lines'][number] & CreditNote['lines'][number],
  'description' | 'descriptionZh' | 'amountMinor' | 'discountMinor' | 'taxMinor' | 'taxRatePpm'
> & { readonly quantity?: string; readonly unitAmount?: string }

type Figures = Pick<
  FapiaoLine,
  'item' | 'quantity' | 'unitAmount' | 'amountMinor' | 'discountMinor' | 'taxRatePpm' | 'taxMinor'
>

const figuresOf = (line: LineShape, taxRatePpm: number | null): Figures => ({
  item: line.descriptionZh ?? line.description,
  quantity: line.quantity ?? null,
  unitAmount: line.unitAmount ?? null,
  amountMinor: line.amountMinor,
  discountMinor: line.discountMinor,
  taxRatePpm,
  taxMinor: line.taxMinor,
})

/**
 * The lines as a fapiao may show them, which allows no negative line besides discounts: where a document has one, its
 * lines stand together by rate, after discounts and under the name of the first that costs something. Lines over
 * nothing are left out. The sum is always that of the document.
 */
export function fapiaoFigures(
  lines: readonly LineShape[],
  taxLines: readonly TaxLine[],
): readonly Figures[] {
  const only = taxLines.length === 1 ? taxLines[0]!.ratePpm : null
  const figures = lines.map(line => figuresOf(line, line.taxRatePpm ?? only))
  if (figures.every(({ amountMinor }) => amountMinor >= 0)) {
    return figures.filter(({ amountMinor }) => amountMinor !== 0)
  }
  const byRate = new Map<number | null, Figures>()
  for (const each of figures) {
    const before = byRate.get(each.taxRatePpm)
    const named = before === undefined || before.amountMinor <= 0 ? each : before
    byRate.set(each.taxRatePpm, {
      item: named.item,
      quantity: null,
      unitAmount: null,
      amountMinor: (before?.amountMinor ?? 0) + each.amountMinor - each.discountMinor,
      discountMinor: 0,
      taxRatePpm: each.taxRatePpm,
      taxMinor: (before?.taxMinor ?? 0) + each.taxMinor,
    })
  }
  return [...byRate.values()].filter(
    ({ amountMinor, taxMinor }) => amountMinor !== 0 || taxMinor !== 0,
  )
}

const minus = (amountMinor: number): number => (amountMinor === 0 ? 0 : -amountMinor)

/** The figures of a red fapiao, out of those of a credit note. */
export const reversed = (figures: Figures): Figures => ({
  ...figures,
  amountMinor: minus(figures.amountMinor),
  discountMinor: minus(figures.discountMinor),
  taxMinor: minus(figures.taxMinor),
})
