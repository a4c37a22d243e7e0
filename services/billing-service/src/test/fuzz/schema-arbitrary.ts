// Values that a schema of the contract takes, as arbitraries. What a field is called says what kind of text
// it wants; ids come from a pool of what the service has answered so far.
import fc from 'fast-check'
import { hostileTimes, hostileZones } from './hostile.ts'

// biome-ignore lint/suspicious/noExplicitAny: a JSON schema is read by its members
type Schema = any

/** Stands for a value of the pool, drawn when the request is sent. */
export interface Drawn {
  readonly drawn: string
  readonly at: number
}

/** A place that the pool may fill: the name of the field, and what to say while the pool is empty. */
export const drawn = (name: string): fc.Arbitrary<Drawn> =>
  fc.nat(1_000).map(at => ({ drawn: name, at }))

export const isDrawn = (value: unknown): value is Drawn =>
  typeof value === 'object' && value !== null && 'drawn' in value && 'at' in value

const pooled = /^(?:plan|code|coupon|promotionCode|metric|metrics|lineKinds|plans|id|.*Id)$/
const timely = /(?:At|From|To|By|Date|^from|^to|timestamp|trialEnd)$/
const currencies = ['USD', 'EUR', 'JPY', 'KWD', 'CNY', 'XAU', 'ZZZ']
const moneyTexts = ['1', '19.99', '0.01', '250', '99.00', '0.5', '12345678.90']

const nearTimes = fc
  .integer({ min: -90, max: 90 })
  .map(days => new Date(Date.now() + days * 86_400_000).toISOString())

const ordinaryText = (schema: Schema): fc.Arbitrary<string> =>
  fc.string({
    unit: fc.constantFrom(...'abcdefghij XYZ0123456789-_.,éü中文清讫'),
    minLength: schema.minLength ?? 0,
    maxLength: Math.min(schema.maxLength ?? 40, 40),
  })

function textOf(schema: Schema, name: string): fc.Arbitrary<unknown> {
  if (schema.format === 'date-time' || timely.test(name)) {
    return fc.oneof({ weight: 3, arbitrary: nearTimes }, fc.constantFrom(...hostileTimes))
  }
  if (schema.format === 'date') return fc.constantFrom('2026-11-29', '2024-02-29', '2026-02-30')
  if (name === 'zone') return fc.constantFrom('UTC', 'Asia/Shanghai', ...hostileZones)
  if (/mail/i.test(name)) return fc.constantFrom('a@example.com', 'b.c@example.org', 'ü@例.cn')
  if (schema.pattern === '^[A-Z]{3}$') return fc.constantFrom(...currencies)
  if (schema.pattern === '^[A-Z]{2}$') return fc.constantFrom('DE', 'CN', 'US', 'GB', 'ZZ')
  if (/amount|price|quantity|Off$/i.test(name)) return fc.constantFrom(...moneyTexts)
  const known = pooled.test(name) ? [{ weight: 3, arbitrary: drawn(name) }] : []
  if (schema.pattern !== undefined) {
    return fc.oneof(...known, {
      weight: 1,
      arbitrary: fc.stringMatching(new RegExp(schema.pattern)),
    })
  }
  return fc.oneof(...known, { weight: 1, arbitrary: ordinaryText(schema) })
}

function numberOf(schema: Schema): fc.Arbitrary<number> {
  const least = schema.minimum ?? (schema.exclusiveMinimum === undefined ? -5 : 1)
  const most = Math.max(Math.min(schema.maximum ?? 1_000, least + 5_000), least)
  const whole = fc.integer({ min: Math.ceil(least), max: Math.floor(most) })
  const edges = fc.constantFrom(least, schema.maximum ?? 1_000_000)
  if (schema.type === 'integer') return fc.oneof({ weight: 4, arbitrary: whole }, edges)
  const cents = fc.integer({ min: Math.ceil(least * 100), max: Math.floor(most * 100) })
  return fc.oneof(
    whole,
    edges,
    cents.map(value => value / 100),
  )
}

function objectOf(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.patternProperties !== undefined) {
    const [[pattern, value]] = Object.entries(schema.patternProperties) as [[string, Schema]]
    const key =
      pattern === '^[A-Z]{3}$'
        ? fc.constantFrom(...currencies)
        : fc.constantFrom('note', 'team', 'toString', 'messages', 'seats', '清讫')
    return fc.dictionary(key, fieldOf(value, ''), { maxKeys: 3, noNullPrototype: true })
  }
  const members = Object.entries(schema.properties ?? {}).map(
    ([name, each]) => [name, fieldOf(each, name)] as const,
  )
  const requiredKeys = (schema.required ?? []) as string[]
  return fc.record(Object.fromEntries(members), { requiredKeys, noNullPrototype: true })
}

/** Values that a schema takes, for a field of this name. */
export function fieldOf(schema: Schema, name: string): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  if (schema.anyOf !== undefined) {
    return fc.oneof(...schema.anyOf.map((each: Schema) => fieldOf(each, name)))
  }
  switch (schema.type) {
    case 'string':
      return textOf(schema, name)
    case 'number':
    case 'integer':
      return numberOf(schema)
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'array':
      return fc.array(fieldOf(schema.items, name), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 3, Math.max(3, schema.minItems ?? 0)),
      })
    case 'object':
      return objectOf(schema)
    default:
      return fc.json({ maxDepth: 2 }).map(text => JSON.parse(text))
  }
}
