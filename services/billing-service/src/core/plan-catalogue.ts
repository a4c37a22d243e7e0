// Changes of the catalogue as data: what a pushed file adds, changes, retires or leaves, and which rows that
// makes. A changed plan becomes a new version; the versions that are in use never change.
import { toDecimalString } from './money.ts'
import type { Plan } from './plan.ts'
import { checkPlan } from './plan-check.ts'
import { refuse } from './refusal.ts'
import type { Instant } from './time.ts'

/** A plan as it is written down: what the catalogue adds itself is left out. */
export type PlanDefinition = Omit<Plan, 'id' | 'version' | 'onOffer' | 'createdAt' | 'createdBy'>

export interface FieldChange {
  readonly path: string
  /** Null: it was not there, or is there no more. */
  readonly from: string | null
  readonly to: string | null
}

export interface PlanChange {
  readonly code: string
  readonly change: 'added' | 'changed' | 'unchanged' | 'retired' | 'not_listed'
  /** On offer afterwards; of a retired plan, the one that was. */
  readonly version: number
  readonly fields: readonly FieldChange[]
}

export interface CataloguePush {
  readonly changes: readonly PlanChange[]
  readonly inserts: readonly Plan[]
  /** Versions that leave the offer, or move their place in the list. */
  readonly replacements: readonly Plan[]
}

export interface PushOptions {
  readonly at: Instant
  readonly by: string
  /** Takes plans that are not listed off the offer; without it they stay. */
  readonly retireMissing: boolean
}

/** With the fields of nested values in one order, however a store keeps them. */
const ordered = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value

const shown = (value: unknown): string =>
  typeof value === 'string' ? value : value === null ? 'unlimited' : JSON.stringify(value, ordered)

/** The terms of a plan by path. Lists that have names of their own are told apart by them. */
function termsOf(plan: PlanDefinition): Map<string, string> {
  const terms = new Map<string, string>()
  const put = (path: string, value: unknown) => {
    if (value !== undefined) terms.set(path, shown(value))
  }
  put('name', plan.name)
  put('family', plan.family)
  if (plan.trialDays !== null) put('trialDays', plan.trialDays)
  for (const price of plan.prices) {
    const path = `prices/${price.currency}/${price.billingCycle}`
    const money = (minor: number) => toDecimalString(minor, price.currency)
    put(path, money(price.amountMinor))
    if (price.taxBehavior === 'inclusive') put(`${path}/taxBehavior`, price.taxBehavior)
    if (price.setupMinor) put(`${path}/setupFee`, money(price.setupMinor))
    if (price.minimumMinor) put(`${path}/minimumSpend`, money(price.minimumMinor))
    put(`${path}/stripePriceId`, price.stripePriceId)
  }
  for (const [metric, each] of Object.entries(plan.metrics)) {
    const path = `metrics/${metric}`
    put(`${path}/included`, each.included)
    if (each.overageUnitAmount !== null) {
      put(`${path}/overage/${plan.overageCurrency}`, each.overageUnitAmount)
    }
    if (each.perSeat) put(`${path}/perSeat`, true)
    put(`${path}/cap`, each.cap)
    for (const { currency, price, minimum, maximum } of each.charges ?? []) {
      put(`${path}/charges/${currency}`, price)
      put(`${path}/charges/${currency}/minimum`, minimum)
      put(`${path}/charges/${currency}/maximum`, maximum)
    }
  }
  for (const feature of plan.features) put(`features/${feature}`, true)
  for (const [limit, value] of Object.entries(plan.limits)) put(`limits/${limit}`, value)
  if (plan.seats !== null) put('seats', plan.seats)
  for (const code of plan.addOnTo) put(`addOnTo/${code}`, true)
  return terms
}

/** What differs between two sets of terms, by path. The place in the list is no term. */
export function changedTerms(from: PlanDefinition | null, to: PlanDefinition): FieldChange[] {
  const before = from === null ? new Map<string, string>() : termsOf(from)
  const after = termsOf(to)
  return [...new Set([...before.keys(), ...after.keys()])]
    .map(path => ({ path, from: before.get(path) ?? null, to: after.get(path) ?? null }))
    .filter(change => change.from !== change.to)
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

function checkAll(definitions: readonly PlanDefinition[]): void {
  const seen = new Set<string>()
  definitions.forEach((definition, at) => {
    const path = `/plans/${at}`
    if (seen.has(definition.code)) {
      refuse('invalid_request', {}, [
        { path: `${path}/code`, message: `${definition.code} is there twice` },
      ])
    }
    seen.add(definition.code)
    checkPlan(versionOf(definition, 1, { at: 0, by: '' }), path)
  })
}

const versionOf = (
  definition: PlanDefinition,
  version: number,
  { at, by }: Pick<PushOptions, 'at' | 'by'>,
): Plan => ({
  ...definition,
  id: `${definition.code}@${version}`,
  version,
  onOffer: true,
  createdAt: at,
  createdBy: by,
})

/**
 * Decides a push. `known` are all versions of the codes in question and all plans on offer. Refuses
 * `invalid_request` and `invalid_amount` with the path of the field.
 */
export function decidePush(
  known: readonly Plan[],
  definitions: readonly PlanDefinition[],
  options: PushOptions,
): CataloguePush {
  checkAll(definitions)
  const inserts: Plan[] = []
  const replacements: Plan[] = []
  const changes = definitions.map((definition): PlanChange => {
    const { code } = definition
    const versions = known.filter(plan => plan.code === code)
    const current = versions.find(plan => plan.onOffer) ?? null
    const fields = changedTerms(current, definition)
    if (current !== null && fields.length === 0) {
      if (current.rank !== definition.rank) replacements.push({ ...current, rank: definition.rank })
      return { code, change: 'unchanged', version: current.version, fields }
    }
    const version = Math.max(0, ...versions.map(plan => plan.version)) + 1
    if (current !== null) replacements.push({ ...current, onOffer: false })
    inserts.push(versionOf(definition, version, options))
    return { code, change: current === null ? 'added' : 'changed', version, fields }
  })
  const listed = new Set(definitions.map(definition => definition.code))
  const missing = known.filter(plan => plan.onOffer && !listed.has(plan.code))
  if (options.retireMissing) replacements.push(...missing.map(p => ({ ...p, onOffer: false })))
  const left = missing.map(
    ({ code, version }): PlanChange => ({
      code,
      change: options.retireMissing ? 'retired' : 'not_listed',
      version,
      fields: [],
    }),
  )
  return { changes: [...changes, ...left], inserts, replacements }
}
