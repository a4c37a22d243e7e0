// That `npm run vectors` tells a right row from a wrong and an unknown one, to people and to machines.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'

const command = fileURLToPath(new URL('../../scripts/vectors.mjs', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'vectors-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function run(rows: readonly unknown[], ...more: string[]) {
  writeFileSync(join(folder, 'few.json'), JSON.stringify(rows))
  return spawnSync(process.execPath, [command, '--dir', folder, ...more], { encoding: 'utf8' })
}

const row = (id: string, topic: string, exponent: number) => ({
  id,
  topic,
  rule: null,
  input: { currency: 'jpy' },
  expected: { exponent },
})

describe('npm run vectors', () => {
  it('ends with 0 when every row passes', () => {
    const { status, stdout } = run([row('right', 'iso_exponent', 0)])
    expect(stdout).toMatch(/few\.json +1 passed +0 failed +0 unsupported/)
    expect(status).toBe(0)
  })

  it('prints only {rows} with --json, and ends with 1 for a wrong or an unknown row', () => {
    const rows = [
      row('right', 'iso_exponent', 0),
      row('wrong', 'iso_exponent', 2),
      row('unknown', 'horoscope', 0),
    ]
    const { status, stdout } = run(rows, '--json')
    expect(JSON.parse(stdout)).toEqual({
      rows: [
        { id: 'right', status: 'pass', got: { exponent: 0 }, expected: { exponent: 0 } },
        { id: 'wrong', status: 'fail', got: { exponent: 0 }, expected: { exponent: 2 } },
        { id: 'unknown', status: 'unsupported', got: 'topic horoscope', expected: { exponent: 0 } },
      ],
    })
    expect(status).toBe(1)
  })
})
