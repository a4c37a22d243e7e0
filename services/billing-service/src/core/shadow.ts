// Shadow mode: the next invoice as our engine would write it, held against Stripe's preview of the same, line
// by line. Each difference is one sentence; wording and ids are no difference.
import type { Invoice } from './invoice.ts'
import type { MirroredLine } from './mirror.ts'
import { type Currency, toDecimalString } from './money.ts'
import { toIso } from './time.ts'

/** What is compared of an invoice that does not exist yet. */
export interface Expected {
  readonly currency: Currency
  readonly lines: readonly Pick<
    MirroredLine,
    'kind' | 'amountMinor' | 'discountMinor' | 'taxMinor' | 'periodStart' | 'periodEnd'
  >[]
  readonly totalMinor: number
}

type Line = Expected['lines'][number]

const nothing = 'no invoice'

/** What differs; empty when both agree. Lines of one kind are compared in their order in time. */
export function shadowDifferences(
  ours: Pick<Invoice, 'currency' | 'lines' | 'totalMinor'> | null,
  theirs: Expected | null,
): string[] {
  if (ours === null && theirs === null) return []
  if (ours === null || theirs === null) {
    const said = (each: Expected | null) =>
      each === null ? nothing : money(each.totalMinor, each.currency)
    return [`${said(ours)} here, ${said(theirs)} at Stripe`]
  }
  const { currency } = theirs
  const differences =
    ours.currency === currency ? [] : [differs('currency', ours.currency, currency)]
  const kinds = new Set([...ours.lines, ...theirs.lines].map(({ kind }) => kind))
  for (const kind of kinds) {
    const [here, there] = [inOrder(ours.lines, kind), inOrder(theirs.lines, kind)]
    const count = Math.max(here.length, there.length)
    for (let n = 0; n < count; n += 1) {
      differences.push(...lineDifferences(`${kind} line ${n + 1}`, here[n], there[n], currency))
    }
  }
  if (ours.totalMinor !== theirs.totalMinor) {
    const [a, b] = [money(ours.totalMinor, currency), money(theirs.totalMinor, currency)]
    differences.push(differs('total', a, b))
  }
  return differences
}

const money = (minor: number, currency: Currency): string =>
  `${toDecimalString(minor, currency)} ${currency}`

const differs = (what: string, here: string, there: string): string =>
  `${what}: ${here} here, ${there} at Stripe`

const inOrder = (lines: readonly Line[], kind: Line['kind']): Line[] =>
  lines
    .filter(line => line.kind === kind)
    .sort((a, b) => (a.periodStart ?? 0) - (b.periodStart ?? 0) || a.amountMinor - b.amountMinor)

function lineDifferences(
  name: string,
  here: Line | undefined,
  there: Line | undefined,
  currency: Currency,
): string[] {
  if (here === undefined || there === undefined) {
    const said = (line: Line | undefined) =>
      line === undefined ? 'none' : money(line.amountMinor, currency)
    return [differs(name, said(here), said(there))]
  }
  const amounts = (['amountMinor', 'discountMinor', 'taxMinor'] as const).flatMap(field =>
    here[field] === there[field]
      ? []
      : differs(
          `${name}, ${field.replace('Minor', '')}`,
          money(here[field], currency),
          money(there[field], currency),
        ),
  )
  const times = (['periodStart', 'periodEnd'] as const).flatMap(field =>
    here[field] === there[field]
      ? []
      : differs(`${name}, ${field}`, timeText(here[field]), timeText(there[field])),
  )
  return [...amounts, ...times]
}

const timeText = (at: number | null): string => (at === null ? 'none' : toIso(at))
