// Calls of many pieces of work, made at the same moment, answered by one statement for each kind of call. The
// work is written for one row; a thousand rows then cost as many statements as one. Knows no collection's rules.
import { setImmediate } from 'node:timers/promises'
import type { Row } from '../../ports/shape.ts'
import type { Answer, Run, Statement } from './connect.ts'
import { listText } from './rows.ts'

interface Call {
  readonly payload: unknown
  readonly resolve: (answer: never) => void
  readonly reject: (error: unknown) => void
}

/** Answers all calls of one kind at once, in their order. */
export type Answering<P, A> = (payloads: readonly P[]) => Promise<readonly A[]>

interface Waiting {
  readonly answer: Answering<never, unknown>
  readonly calls: Call[]
}

/**
 * Collects calls until everybody waits, then answers them kind by kind. After a failure every further call
 * fails with it: the transaction is lost.
 */
export class Gathering {
  private waiting = new Map<string, Waiting>()
  private running: Promise<void> | null = null
  private failure: { readonly error: unknown } | null = null

  /** One call of a kind; calls of one name share `answer`. */
  ask<P, A>(name: string, payload: P, answer: Answering<P, A>): Promise<A> {
    if (this.failure) return Promise.reject(this.failure.error)
    return new Promise<A>((resolve, reject) => {
      const kind = this.waiting.get(name) ?? {
        answer: answer as Answering<never, unknown>,
        calls: [],
      }
      this.waiting.set(name, kind)
      kind.calls.push({ payload, resolve: resolve as Call['resolve'], reject })
      this.running ??= this.work()
    })
  }

  /** The first failure; whoever swallowed it must not commit. */
  failed(): { readonly error: unknown } | null {
    return this.failure
  }

  fail(error: unknown): void {
    this.failure ??= { error }
  }

  private async work(): Promise<void> {
    // By then all that could go on without an answer has gone on and asked.
    await setImmediate()
    while (this.waiting.size > 0) {
      const round = [...this.waiting.values()]
      this.waiting = new Map()
      for (const { answer, calls } of round) await this.answerAll(answer, calls)
      await setImmediate()
    }
    this.running = null
  }

  private async answerAll(
    answer: Answering<never, unknown>,
    calls: readonly Call[],
  ): Promise<void> {
    try {
      if (this.failure) throw this.failure.error
      const answers = await answer(calls.map(({ payload }) => payload) as never)
      for (const [at, { resolve }] of calls.entries()) resolve(answers[at] as never)
    } catch (error) {
      this.fail(error)
      for (const { reject } of calls) reject(error)
    }
  }
}

const parameterPattern = /\$(\d+)::([a-z]+(?:\[\])?)/g

interface Many {
  readonly text: string
  readonly types: readonly string[]
}

const texts = new Map<string, Many>()

/** The same read for a table of parameters: the one row's statement, joined to each row of them. */
function manyOf(text: string): Many {
  const known = texts.get(text)
  if (known) return known
  const types: string[] = []
  const inner = text.replace(parameterPattern, (_, number: string, type: string) => {
    const at = Number(number) - 1
    types[at] = type
    return type.endsWith('[]') ? `p.v${number}::${type}` : `p.v${number}`
  })
  const lists = types.map((type, at) => `$${at + 1}::${type.endsWith('[]') ? 'text' : type}[]`)
  const names = types.map((_, at) => `v${at + 1}`)
  const many = {
    text:
      `select s.*, p.ordinal from unnest(${lists.join(', ')}) with ordinality ` +
      `as p(${names.join(', ')}, ordinal), lateral (${inner}) s`,
    types,
  }
  texts.set(text, many)
  return many
}

/**
 * Answers one read for many sets of parameters; rows are locked in the order of their parameters. Who asks the same
 * is given the same rows.
 */
export function readMany(run: Run, text: string): Answering<readonly unknown[], Answer> {
  return async sets => {
    const { text: many, types } = manyOf(text)
    const keys = sets.map(values => JSON.stringify(values))
    const asked = new Map(sets.map((values, at) => [keys[at]!, values]))
    const order = [...asked.keys()].sort()
    const answers = new Map(order.map(key => [key, [] as Row[]]))
    if (order.length === 1 || types.length === 0) {
      for (const key of order) answers.set(key, (await run({ text, values: asked.get(key)! })).rows)
    } else {
      const columns = types.map((_, column) =>
        listText(
          order.map(key => {
            const value = asked.get(key)![column]
            return Array.isArray(value) ? listText(value) : value
          }),
        ),
      )
      const { rows, aside } = await run({ text: many, values: columns, aside: 'ordinal' })
      for (const [at, row] of rows.entries()) answers.get(order[Number(aside[at]) - 1]!)!.push(row)
    }
    return keys.map(key => {
      const rows = answers.get(key)!
      return { rows, rowCount: rows.length, aside: [] }
    })
  }
}

/** Whether a statement only reads, or holds, rows. */
export const isRead = ({ text }: Statement): boolean => text.startsWith('select ')
