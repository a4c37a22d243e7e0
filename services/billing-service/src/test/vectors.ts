// Runs published cases of other billing systems, and our own, against core. Every row is computed from
// its input and named rule alone; the expected values are looked at only to compare.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FailedAssertion } from '../core/assert.ts'
import { compare, readDecimal } from '../core/decimal.ts'
import { Refusal } from '../core/refusal.ts'
import { discountTopics } from './vector-topics/discounts.ts'
import { moneyTopics } from './vector-topics/money.ts'
import { periodTopics } from './vector-topics/periods.ts'
import { prorationTopics } from './vector-topics/proration.ts'
import { type Got, type Input, type Topic, UnsupportedRow } from './vector-topics/reading.ts'
import { reportTopics } from './vector-topics/reports.ts'
import { stateTopics } from './vector-topics/states.ts'
import { taxTopics } from './vector-topics/tax.ts'
import { usageTopics } from './vector-topics/usage.ts'

const topics: Readonly<Record<string, Topic>> = {
  ...discountTopics,
  ...moneyTopics,
  ...periodTopics,
  ...prorationTopics,
  ...reportTopics,
  ...stateTopics,
  ...taxTopics,
  ...usageTopics,
}

export interface VectorResult {
  readonly file: string
  readonly id: string
  readonly status: 'passed' | 'failed' | 'unsupported'
  readonly got: unknown
  readonly expected: unknown
}

interface VectorRow {
  readonly id: string
  readonly topic: string
  readonly rule: string | null
  readonly input: Input
  readonly expected: Input
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function rowsOf(path: string): VectorRow[] {
  const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'))
  const rows = isRecord(parsed) ? (parsed.rows ?? parsed.vectors) : parsed
  if (!Array.isArray(rows)) throw new Error(`${path}: a list of rows was expected`)
  return rows.map((row: unknown): VectorRow => {
    if (!isRecord(row) || !isRecord(row.input) || !isRecord(row.expected)) {
      throw new Error(`${path}: a row needs input and expected`)
    }
    return {
      id: String(row.id),
      topic: String(row.topic),
      rule: typeof row.rule === 'string' ? row.rule : null,
      input: row.input,
      expected: row.expected,
    }
  })
}

const timePattern = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z)?$/

function sameText(expected: string, got: string): boolean {
  if (expected === got) return true
  if (timePattern.test(expected) && timePattern.test(got)) {
    return Date.parse(expected) === Date.parse(got)
  }
  const [left, right] = [readDecimal(expected), readDecimal(got)]
  return left !== undefined && right !== undefined && compare(left, right) === 0
}

/** Numbers and decimal texts are compared by value, lists in order, records by the expected keys. */
function agrees(expected: unknown, got: unknown): boolean {
  if (Array.isArray(expected)) {
    return (
      Array.isArray(got) &&
      got.length === expected.length &&
      expected.every((value, at) => agrees(value, got[at]))
    )
  }
  if (isRecord(expected)) {
    return isRecord(got) && Object.keys(expected).every(key => agreesAt(key, expected[key], got))
  }
  const written = (value: unknown) => typeof value === 'string' || typeof value === 'number'
  if (written(expected) && written(got)) return sameText(String(expected), String(got))
  return expected === got
}

/** `x_allowed` lists the values that `x` may have; `error` asks for any refusal. */
function agreesAt(key: string, expected: unknown, got: Record<string, unknown>): boolean {
  const allowed = key.endsWith('_allowed') ? key.slice(0, -'_allowed'.length) : undefined
  if (allowed !== undefined && Array.isArray(expected)) {
    return expected.some(value => agrees(value, got[allowed]))
  }
  if (key === 'error') return got.error !== undefined
  return agrees(expected, got[key])
}

function compute(topic: Topic, row: VectorRow): Got {
  try {
    return topic(row.input, row.rule)
  } catch (error) {
    if (error instanceof Refusal) return { error: error.code, details: error.details }
    if (error instanceof FailedAssertion) return { error: error.message }
    throw error
  }
}

function runRow(file: string, row: VectorRow): VectorResult {
  const { id, expected } = row
  const topic = topics[row.topic]
  if (!topic) return { file, id, status: 'unsupported', got: `topic ${row.topic}`, expected }
  try {
    const got = compute(topic, row)
    return { file, id, status: agrees(expected, got) ? 'passed' : 'failed', got, expected }
  } catch (error) {
    if (!(error instanceof UnsupportedRow)) throw error
    return { file, id, status: 'unsupported', got: error.message, expected }
  }
}

/** Runs every row of every JSON file of a folder, in the order of the file names. */
export function runVectors(dir: string): VectorResult[] {
  return readdirSync(dir)
    .filter(name => name.endsWith('.json'))
    .sort()
    .flatMap(name => rowsOf(join(dir, name)).map(row => runRow(name, row)))
}
