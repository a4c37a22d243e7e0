// Parts that several documents print alike: frame, lines, taxes, footers. Pure.
import * as format from './format.ts'
import type {
  Labelled,
  PrintedColumn,
  PrintedDocument,
  PrintedRow,
  PrintedSection,
  PrintedTotal,
} from './printed.ts'
import type {
  DiscountView,
  DocumentFrame,
  LineView,
  PartyFact,
  PartyView,
  TaxView,
  TierView,
} from './views.ts'
import { fill, type WordKey, type Words, wordsOf } from './words.ts'

const column = (label: string, widthMm: number | null, align: 'left' | 'right' = 'right') =>
  ({ label, align, widthMm }) satisfies PrintedColumn

/** A party with its identifiers as lines, in the words of the document's language. */
function printParty(label: string, party: PartyView, words: Words) {
  return {
    label,
    name: party.name,
    lines: [...party.addressLines, ...party.facts.map(fact => printFact(fact, words))],
  }
}

/** An e-mail address says itself what it is. */
const printFact = ({ label, value }: PartyFact, words: Words): string =>
  label === 'email' ? value : `${words[label]} ${value}`

export interface FrameTexts {
  readonly heading: string
  readonly number: string
  readonly numberLabel: string
  readonly facts: readonly (Labelled | null)[]
}

const seconds = (at: number | null): number => Math.floor((at ?? 0) / 1000)

/** What stands around the figures of any document: title, parties, facts, footer. */
export function printFrame(view: DocumentFrame, texts: FrameTexts) {
  const words = wordsOf(view.language)
  const zone = format.zoneName(view.zone, view.issuedAt ?? 0)
  const name = `${texts.heading} ${texts.number}`
  return {
    lang: view.language === 'en' ? 'en' : 'zh',
    region: view.language === 'en' ? 'us' : 'cn',
    paper: view.paper,
    title: name,
    author: view.issuer.name,
    accent: view.accent,
    createdAtSeconds: seconds(view.issuedAt),
    heading: texts.heading,
    subheading: null,
    state: null,
    crossed: false,
    issuerName: view.issuer.name,
    logoAlt: fill(words.logoOf, { name: view.issuer.name }),
    parties: [
      printParty(words.from, view.issuer, words),
      printParty(words.billTo, view.buyer, words),
    ],
    facts: [{ label: texts.numberLabel, value: texts.number }, ...texts.facts].filter(isFact),
    band: null,
    beside: [],
    sections: notesAndLegal(view, words),
    footer: {
      left: `${texts.number} · ${view.issuer.name}`,
      note: view.footer,
      zone: fill(words.zoneLine, { zone }),
      warning: view.test ? words.testLine : null,
      running: `${texts.number} · ${view.buyer.name} · ${words.continued}`,
      pages: words.pageOf,
    },
  } satisfies Partial<PrintedDocument>
}

const isFact = (fact: Labelled | null): fact is Labelled => fact !== null

function notesAndLegal(view: DocumentFrame, words: Words): PrintedSection[] {
  const sections: PrintedSection[] = []
  if (view.notes) sections.push({ heading: words.notes, pairs: [], paragraphs: [view.notes] })
  if (view.terms) sections.push({ heading: words.terms, pairs: [], paragraphs: [view.terms] })
  if (view.legal.length > 0) sections.push({ heading: null, pairs: [], paragraphs: view.legal })
  return sections
}

/** A fact that is printed only when there is something to say. */
export function factOf(words: Words, label: WordKey, value: string | null): Labelled | null {
  return value === null || value === '' ? null : { label: words[label], value }
}

/** A date of this document in its zone and language; null stays null. */
export function dateIn(view: DocumentFrame, at: number | null): string | null {
  return at === null ? null : format.date(at, view.zone, view.language)
}

/** The columns of priced lines. The tax column exists only where a line has a rate of its own. */
export function lineColumns(view: DocumentFrame, taxed: boolean): PrintedColumn[] {
  const words = wordsOf(view.language)
  return [
    column(words.description, null, 'left'),
    column(words.quantity, 18),
    column(words.unitPrice, 27),
    ...(taxed ? [column(words.tax, 15)] : []),
    column(fill(words.amount, { currency: view.currency }), 28),
  ]
}

export const hasTaxColumn = (lines: readonly LineView[]): boolean =>
  lines.some(line => line.taxRatePpm !== null)

/** A priced line as a row: description, then its figures; period and tiers below. */
export function printLine(view: DocumentFrame, line: LineView, taxed: boolean): PrintedRow {
  const { currency } = view
  const rate = line.taxRatePpm === null ? '' : format.percent(line.taxRatePpm)
  const { period } = line
  return {
    cells: [
      line.description,
      line.quantity === null ? '' : format.quantity(line.quantity),
      line.unitAmount === null ? '' : format.unitPrice(line.unitAmount, currency),
      ...(taxed ? [rate] : []),
      format.money(line.amountMinor, currency),
    ],
    notes: period ? [format.range(period.start, period.end, view.zone, view.language)] : [],
    tiers: line.tiers.map(tier => printTier(view, tier)),
  }
}

function printTier(view: DocumentFrame, tier: TierView): string[] {
  const words = wordsOf(view.language)
  const from = format.quantity(tier.from)
  const span =
    tier.upTo === null
      ? fill(words.tierAbove, { from })
      : fill(words.tierUpTo, { from, upTo: format.quantity(tier.upTo) })
  return [
    span,
    `${format.quantity(tier.quantity)} × ${format.unitPrice(tier.unitAmount, view.currency)}`,
    format.money(tier.amountMinor, view.currency),
  ]
}

/** One row for each discount, as a negative amount. */
export function printDiscount(view: DocumentFrame, discount: DiscountView): PrintedTotal {
  const words = wordsOf(view.language)
  const label = discount.name ? fill(words.discountNamed, { name: discount.name }) : words.discount
  return {
    label:
      discount.ratePpm === null
        ? label
        : fill(words.discountPercent, { label, percent: format.percent(discount.ratePpm) }),
    value: format.money(-discount.amountMinor, view.currency),
    weight: 'plain',
  }
}

function taxPhrase({ ratePpm, included, reversed }: TaxView, words: Words): string {
  if (reversed) return words.taxReversed
  if (ratePpm === null) return words.taxExempt
  return included ? words.taxIncluded : words.taxOn
}

/** One row for each rate or exemption, with the amount it was taken on and its reason. */
export function printTax(view: DocumentFrame, tax: TaxView): PrintedTotal {
  const words = wordsOf(view.language)
  const phrase = taxPhrase(tax, words)
  const label = fill(phrase, {
    name: tax.name ?? words.taxName,
    rate: tax.ratePpm === null ? '' : format.percent(tax.ratePpm),
    base: format.money(tax.baseMinor, view.currency),
  })
  return {
    label: tax.reason ? `${label} · ${tax.reason}` : label,
    value: format.money(tax.amountMinor, view.currency),
    weight: tax.included ? 'quiet' : 'plain',
  }
}
