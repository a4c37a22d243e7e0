// Tax arithmetic: exclusive and inclusive prices, several taxes at once, the level at which tax is
// rounded, and its split over the lines. Which rates apply to whom is decided elsewhere, except for the
// one rule on reverse charge at the end. Discounts come off before, account credit after.

import { powerOfTen, type Rounding } from './decimal.ts'
import {
  addFractions,
  apportion,
  type Fraction,
  fraction,
  nothing,
  roundFraction,
} from './fraction.ts'
import { sumMinor } from './money.ts'
import type { Why } from './why.ts'

/**
 * One tax on a line. `exempt` and `reverse_charge` are groups of their own without a tax, not a rate of
 * 0 %. `surcharge` is added beside the main tax; `withheld` is kept back by the payer: it lowers what
 * is paid, not the tax.
 */
export interface Tax {
  readonly kind: 'standard' | 'surcharge' | 'withheld' | 'exempt' | 'reverse_charge'
  readonly ratePpm: number
  /** Jurisdiction or name, where two taxes of one rate must stay apart. */
  readonly name?: string
}

/** A line after discounts. `inclusive`: the amount already contains its taxes. */
export interface TaxableLine {
  readonly amountMinor: number
  readonly behavior: 'exclusive' | 'inclusive'
  readonly taxes: readonly Tax[]
}

/**
 * `level`: where tax is rounded. `rate`: once per rate of the invoice (default); `line`: every tax of
 * every line; `invoice`: once for the sum of all taxes. `inclusive`: which figure of a price that
 * contains its tax is rounded; the other one is the difference.
 */
export interface TaxRules {
  readonly level: 'rate' | 'line' | 'invoice'
  readonly rounding: Rounding
  readonly inclusive: 'round_tax' | 'round_net'
}

export const defaultTaxRules: TaxRules = {
  level: 'rate',
  rounding: 'half_away',
  inclusive: 'round_tax',
}

/** One tax of the invoice, over all lines that bear it. */
export interface TaxGroup extends Tax {
  readonly taxableMinor: number
  readonly taxMinor: number
  readonly why: Why
}

/** The printed figures of one line: `netMinor` + `taxMinor` is what it costs. */
export interface TaxedLine {
  readonly netMinor: number
  readonly taxMinor: number
  /** In the order of the line's taxes. */
  readonly taxesMinor: readonly number[]
}

export interface TaxResult {
  readonly lines: readonly TaxedLine[]
  readonly groups: readonly TaxGroup[]
  readonly netMinor: number
  readonly taxMinor: number
  /** Net plus tax: the total of the invoice. */
  readonly totalMinor: number
  /** Kept back by the payer and owed to the state by it. */
  readonly withheldMinor: number
}

const million = powerOfTen(6)

interface Share {
  readonly line: number
  readonly position: number
  readonly tax: Tax
  readonly exact: Fraction
}

function rateOf(tax: Tax): bigint {
  return tax.kind === 'exempt' || tax.kind === 'reverse_charge' ? 0n : BigInt(tax.ratePpm)
}

function keyOf({ kind, ratePpm, name }: Tax): string {
  return `${kind}/${ratePpm}/${name ?? ''}`
}

function contained(line: TaxableLine): bigint {
  if (line.behavior === 'exclusive') return 0n
  return line.taxes
    .filter(tax => tax.kind !== 'withheld')
    .reduce((sum, tax) => sum + rateOf(tax), 0n)
}

function sharesOf(lines: readonly TaxableLine[]): Share[] {
  return lines.flatMap((line, at) =>
    line.taxes.map((tax, position) => ({
      line: at,
      position,
      tax,
      exact: fraction(BigInt(line.amountMinor) * rateOf(tax), million + contained(line)),
    })),
  )
}

function sumOf(shares: readonly Share[]): Fraction {
  return shares.reduce((sum, share) => addFractions(sum, share.exact), nothing)
}

function grouped(shares: readonly Share[]): Share[][] {
  const groups = new Map<string, Share[]>()
  for (const share of shares) {
    const group = groups.get(keyOf(share.tax))
    if (group) group.push(share)
    else groups.set(keyOf(share.tax), [share])
  }
  return [...groups.values()]
}

/** Rounds one group of taxes at its level and hands the result out to its shares. */
function settle(shares: readonly Share[], rules: TaxRules): Map<Share, number> {
  const rounded = (part: readonly Share[]): [Share, number][] => {
    const total = roundFraction(sumOf(part), rules.rounding)
    const parts = apportion(
      total,
      part.map(share => share.exact),
    )
    return part.map((share, at) => [share, parts[at] ?? 0])
  }
  const withheld = shares.filter(share => share.tax.kind === 'withheld')
  const charged = shares.filter(share => share.tax.kind !== 'withheld')
  if (rules.level === 'line') return new Map(shares.flatMap(share => rounded([share])))
  if (rules.level === 'rate') return new Map(grouped(shares).flatMap(rounded))
  return new Map([...rounded(charged), ...grouped(withheld).flatMap(rounded)])
}

/**
 * For inclusive prices whose net is rounded first: the tax is the rest of the gross, and is divided
 * over the taxes by their exact shares. Lines with the same taxes are rounded together, unless tax is
 * rounded by line.
 */
function settleNetFirst(lines: readonly TaxableLine[], rules: TaxRules): Map<Share, number> {
  const charged = sharesOf(lines).filter(share => share.tax.kind !== 'withheld')
  const bySet = new Map<string, Share[]>()
  for (const share of charged) {
    const set = lines[share.line]!.taxes.map(keyOf).join('+')
    const key = rules.level === 'line' ? String(share.line) : set
    bySet.set(key, [...(bySet.get(key) ?? []), share])
  }
  const settled = new Map<Share, number>()
  for (const shares of bySet.values()) {
    const members = [...new Set(shares.map(share => share.line))]
    const grossMinor = sumMinor(members.map(at => lines[at]!.amountMinor))
    const whole = million + contained(lines[members[0]!]!)
    const net = roundFraction(fraction(BigInt(grossMinor) * million, whole), rules.rounding)
    const parts = apportion(
      grossMinor - net,
      shares.map(share => share.exact),
    )
    shares.forEach((share, at) => {
      settled.set(share, parts[at] ?? 0)
    })
  }
  const withheld = sharesOf(lines).filter(share => share.tax.kind === 'withheld')
  return new Map([...settled, ...settle(withheld, rules)])
}

function settleAll(lines: readonly TaxableLine[], rules: TaxRules): Map<Share, number> {
  const isNetFirst = (line: TaxableLine) =>
    rules.inclusive === 'round_net' && line.behavior === 'inclusive'
  if (!lines.some(isNetFirst)) return settle(sharesOf(lines), rules)
  const untaxed = (line: TaxableLine): TaxableLine => ({ ...line, taxes: [] })
  return new Map([
    ...settle(sharesOf(lines.map(line => (isNetFirst(line) ? untaxed(line) : line))), rules),
    ...settleNetFirst(
      lines.map(line => (isNetFirst(line) ? line : untaxed(line))),
      rules,
    ),
  ])
}

const formulas = {
  exclusive: 'exclusiveMinor * ratePpm / 1000000',
  inclusive: 'inclusiveMinor * ratePpm / (1000000 + includedPpm)',
} as const

/** A group may hold lines of both behaviours; then its tax is the sum of both formulas. */
function groupFor(
  settled: readonly (readonly [Share, number])[],
  lines: readonly TaxableLine[],
  taxed: readonly TaxedLine[],
  rules: TaxRules,
): TaxGroup {
  const tax = settled[0]![0].tax
  const members = settled.map(([share]) => share.line)
  const taxableMinor = sumMinor(members.map(at => taxed[at]?.netMinor ?? 0))
  const amountOf = (behavior: TaxableLine['behavior']) =>
    sumMinor(members.map(at => (lines[at]?.behavior === behavior ? lines[at].amountMinor : 0)))
  const behaviors = [...new Set(members.map(at => lines[at]!.behavior))]
  const why: Why = {
    rule: `tax.${tax.kind}`,
    inputs: {
      taxableMinor,
      exclusiveMinor: amountOf('exclusive'),
      inclusiveMinor: amountOf('inclusive'),
      ratePpm: tax.ratePpm,
      formula: behaviors.map(behavior => formulas[behavior]).join(' + '),
      level: rules.level,
      inclusive: rules.inclusive,
      rounding: rules.rounding,
    },
  }
  return { ...tax, taxableMinor, taxMinor: sumMinor(settled.map(([, amount]) => amount)), why }
}

/** Works out all taxes of an invoice. Group sums equal line sums; negative lines mirror positive ones. */
export function taxLines(
  lines: readonly TaxableLine[],
  rules: TaxRules = defaultTaxRules,
): TaxResult {
  const settled = [...settleAll(lines, rules)]
  const taxed = lines.map((line, at): TaxedLine => {
    const own = settled.filter(([share]) => share.line === at)
    const taxesMinor = line.taxes.map(
      (_, position) => own.find(([share]) => share.position === position)?.[1] ?? 0,
    )
    const taxMinor = sumMinor(taxesMinor.filter((_, i) => line.taxes[i]?.kind !== 'withheld'))
    const netMinor = line.behavior === 'inclusive' ? line.amountMinor - taxMinor : line.amountMinor
    return { netMinor, taxMinor, taxesMinor }
  })
  const groups = [...new Set(settled.map(([share]) => keyOf(share.tax)))].map(key =>
    groupFor(
      settled.filter(([share]) => keyOf(share.tax) === key),
      lines,
      taxed,
      rules,
    ),
  )
  const netMinor = sumMinor(taxed.map(line => line.netMinor))
  const taxMinor = sumMinor(taxed.map(line => line.taxMinor))
  const withheld = groups.filter(group => group.kind === 'withheld')
  return {
    lines: taxed,
    groups,
    netMinor,
    taxMinor,
    totalMinor: sumMinor([netMinor, taxMinor]),
    withheldMinor: sumMinor(withheld.map(group => group.taxMinor)),
  }
}

/** What is known of the two parties of a supply; countries as ISO 3166 codes. */
export interface Parties {
  readonly issuerCountry: string
  readonly buyerCountry: string | null
  /** The buyer's VAT id was confirmed by the authority, and the proof is stored. */
  readonly buyerVatIdProved: boolean
}

/**
 * Whether the buyer owes the tax: only with a VAT id that was proved and in another country than the
 * issuer (Directive 2006/112/EC, Art. 196). An authority that does not answer proves nothing.
 */
export function isReverseCharge(parties: Parties): boolean {
  const { issuerCountry, buyerCountry, buyerVatIdProved } = parties
  return buyerVatIdProved && buyerCountry !== null && buyerCountry !== issuerCountry
}
