import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { runVectors } from './vectors.ts'

describe('our vectors', () => {
  const rows = runVectors(fileURLToPath(new URL('./vectors', import.meta.url)))

  it.each(rows.map(row => [row.id, row] as const))('%s holds', (_, row) => {
    expect({ status: row.status, got: row.got }).toEqual({ status: 'passed', got: row.got })
  })

  it('have ids of their own', () => {
    expect(new Set(rows.map(row => row.id)).size).toBe(rows.length)
  })
})

describe('the runner', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vectors-'))
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('passes a right row, fails a wrong one and calls an unknown topic unsupported', () => {
    const row = (id: string, topic: string, exponent: number) => ({
      id,
      topic,
      rule: null,
      input: { currency: 'jpy' },
      expected: { exponent },
    })
    const list = [
      row('right', 'iso_exponent', 0),
      row('wrong', 'iso_exponent', 2),
      row('unknown', 'horoscope', 0),
    ]
    writeFileSync(join(folder, 'few.json'), JSON.stringify(list))
    const found = runVectors(folder).map(result => [result.id, result.status])
    expect(found).toEqual([
      ['right', 'passed'],
      ['wrong', 'failed'],
      ['unknown', 'unsupported'],
    ])
  })
})
