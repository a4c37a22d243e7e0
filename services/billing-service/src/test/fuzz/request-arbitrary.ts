// Requests to one operation of the contract: as it wants them, and spoilt in one or two places.
import type { Route } from '@quittance/billing-contract/route'
import fc from 'fast-check'
import { hostileBodies, hostileHeaders, hostileTexts, hostileValue } from './hostile.ts'
import { type Drawn, drawn, fieldOf } from './schema-arbitrary.ts'

export const callers = [
  'nobody',
  'forged',
  'member',
  'admin',
  'stranger',
  'service',
  'platform',
  'platform for a tenant',
  'operator',
  'operator for a tenant',
] as const
export type CallerName = (typeof callers)[number]

export interface FuzzRequest {
  readonly caller: CallerName
  /** Which of the tenants. */
  readonly tenant: number
  readonly params: Readonly<Record<string, string | Drawn>>
  readonly query: Readonly<Record<string, unknown>>
  readonly body: unknown
  /** Sent instead of the body. */
  readonly raw: { readonly type: string; readonly bytes: Buffer } | null
  readonly headers: Readonly<Record<string, string>>
  readonly idempotencyKey: string | null
}

const parameterNames = (path: string) => [...path.matchAll(/:(\w+)/g)].map(([, name]) => name!)

const presets: Readonly<Record<string, readonly string[]>> = {
  period: [
    'day',
    'week',
    'quarter',
    '2026',
    '2026-Q4',
    '2026-11',
    '2026-W47',
    '2026-11-23',
    '9999',
    '0000-01',
    '2026-W54',
    '2026-02-30',
    '99999',
  ],
  format: ['csv', 'xlsx', 'excel', 'pdf'],
  kind: ['invoice_paid', 'invoice.paid', 'payment_failed'],
  code: ['free', 'starter', 'professional', 'enterprise'],
}

function parameterOf(name: string): fc.Arbitrary<string | Drawn> {
  const preset = presets[name]
  return fc.oneof(
    { weight: 6, arbitrary: drawn(name) },
    ...(preset === undefined ? [] : [{ weight: 4, arbitrary: fc.constantFrom(...preset) }]),
    { weight: 1, arbitrary: fc.constantFrom(...hostileTexts.filter(text => text.length > 0)) },
  )
}

interface Step {
  readonly at: number
  readonly value: unknown
  readonly how: 'replace' | 'remove' | 'add'
  readonly name: string
}

const addedNames = [
  'tenantId',
  'id',
  'status',
  'roles',
  'amountPaid',
  '__proto__',
  'constructor',
  'x',
]

const step: fc.Arbitrary<Step> = fc.record({
  at: fc.nat(200),
  value: hostileValue,
  how: fc.constantFrom('replace', 'replace', 'replace', 'remove', 'add'),
  name: fc.constantFrom(...addedNames),
})

const isContainer = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !('drawn' in value)

const levelsMax = 20

/** The places below a value, not too deep: the container and the member's name. */
function placesOf(value: unknown, level = 0): [Record<string, unknown>, string][] {
  if (!isContainer(value) || level > levelsMax) return []
  return Object.keys(value).flatMap(name => [
    [value, name] as [Record<string, unknown>, string],
    ...placesOf(value[name], level + 1),
  ])
}

function put(container: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(container, name, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  })
}

/** The value spoilt at the places that the steps name. */
function spoilt(value: unknown, steps: readonly Step[]): unknown {
  const root: Record<string, unknown> = { value: structuredClone(value) }
  for (const { at, how, name, value } of steps) {
    const other = structuredClone(value)
    const places = placesOf(root)
    const [container, member] = places[at % places.length]!
    if (how === 'remove' && container !== root) delete container[member]
    else if (how === 'add' && isContainer(container[member])) put(container[member], name, other)
    else put(container, member, other)
  }
  return root.value
}

/** Mostly what the schema takes; every third time spoilt. */
function bodyOf(route: Route): fc.Arbitrary<unknown> {
  if (route.body === undefined) return fc.constantFrom(undefined, undefined, {}, { x: 1 })
  const valid = fieldOf(route.body, '')
  const steps = fc.array(step, { minLength: 1, maxLength: 2 })
  return fc.oneof(
    { weight: 3, arbitrary: valid },
    { weight: 2, arbitrary: fc.tuple(valid, steps).map(([value, how]) => spoilt(value, how)) },
    { weight: 1, arbitrary: fc.constant({}) },
  )
}

function queryOf(route: Route): fc.Arbitrary<Record<string, unknown>> {
  if (route.query === undefined) return fc.constantFrom({}, {}, { x: '1' })
  const valid = fieldOf(route.query, '') as fc.Arbitrary<Record<string, unknown>>
  const extra = fc.tuple(
    valid,
    fc.constantFrom(...Object.keys((route.query as { properties: object }).properties), 'x'),
    fc.oneof(fc.constantFrom(...hostileTexts), fc.constantFrom(0, -1, 1e21)),
  )
  return fc.oneof(
    { weight: 2, arbitrary: valid },
    { weight: 2, arbitrary: extra.map(([query, name, value]) => ({ ...query, [name]: value })) },
    { weight: 1, arbitrary: fc.constant({}) },
  )
}

/** Who may call this, more often than who may not. */
function callerOf(route: Route): fc.Arbitrary<CallerName> {
  if (route.permission === null) return fc.constantFrom(...callers)
  const able: CallerName = route.tenant ? 'operator for a tenant' : 'operator'
  return fc.oneof(
    { weight: 5, arbitrary: fc.constant(able) },
    { weight: 3, arbitrary: fc.constant<CallerName>('admin') },
    { weight: 3, arbitrary: fc.constantFrom(...callers) },
  )
}

/** Requests to one operation. */
export function requestTo(route: Route): fc.Arbitrary<FuzzRequest> {
  const params = parameterNames(route.path).map(name => [name, parameterOf(name)] as const)
  const writes = route.method !== 'GET' && route.method !== 'DELETE'
  const rare = <T>(arbitrary: fc.Arbitrary<T>, other: T) =>
    fc.oneof({ weight: 7, arbitrary: fc.constant(other) }, { weight: 1, arbitrary })
  return fc.record({
    caller: callerOf(route),
    tenant: fc.nat(2),
    params: fc.record(Object.fromEntries(params), { noNullPrototype: true }) as fc.Arbitrary<
      FuzzRequest['params']
    >,
    query: queryOf(route),
    body: writes ? bodyOf(route) : fc.constant(undefined),
    raw: writes ? rare(fc.constantFrom(...hostileBodies), null as never) : fc.constant(null),
    headers: rare(fc.constantFrom(...hostileHeaders), {}),
    idempotencyKey: rare(fc.constantFrom('one', 'two', 'three'), null as never),
  })
}
