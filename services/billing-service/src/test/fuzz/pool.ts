// What the service has answered so far, by the name of its field: ids, codes, metrics. Requests draw from it, so
// that they reach objects that are there.
import { isDrawn } from './schema-arbitrary.ts'

const perNameMax = 200

export interface Pool {
  /** Notes the texts of an answer. `noun` is the first part of the route's path: what an `id` names. */
  learn(noun: string, answer: unknown): void
  add(name: string, value: string): void
  /** The value with every drawn place filled. */
  fill(value: unknown, noun: string): unknown
}

/** Objects are shared by name across nouns, and an `id` belongs to the noun that answered it. */
export function makePool(): Pool {
  const values = new Map<string, string[]>()
  const add = (name: string, value: string): void => {
    const known = values.get(name) ?? []
    if (known.includes(value)) return
    // The first ones stay: they are the seeded objects, which everything can be done to.
    if (known.length >= perNameMax) known.splice(perNameMax / 2, 1)
    known.push(value)
    values.set(name, known)
  }
  const learn = (noun: string, answer: unknown): void => {
    if (typeof answer !== 'object' || answer === null) return
    for (const [name, value] of Object.entries(answer)) {
      if (typeof value === 'string' && value.length > 0 && value.length <= 128) {
        add(name === 'id' ? `${noun}/id` : name, value)
      } else learn(name === 'data' ? noun : name, value)
    }
  }
  const pick = (name: string, at: number): string => {
    const known = values.get(name) ?? values.get(`${name.replace(/Id$/, '')}s/id`) ?? []
    return known[at % Math.max(known.length, 1)] ?? 'nothing-yet'
  }
  const fill = (value: unknown, noun: string): unknown => {
    if (isDrawn(value)) return pick(value.drawn === 'id' ? `${noun}/id` : value.drawn, value.at)
    if (Array.isArray(value)) return value.map(each => fill(each, noun))
    if (typeof value !== 'object' || value === null) return value
    const filled: Record<string, unknown> = {}
    for (const [name, each] of Object.entries(value)) {
      // `__proto__` must stay a member of its own.
      Object.defineProperty(filled, name, {
        value: fill(each, noun),
        enumerable: true,
        configurable: true,
        writable: true,
      })
    }
    return filled
  }
  return { learn, add, fill }
}
