// Every rule that puts an amount on a line can be said in both languages.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { explain } from './explanation.ts'

const core = import.meta.dirname
const sources = readdirSync(core, { recursive: true, encoding: 'utf8' }).filter(
  file => file.endsWith('.ts') && !file.endsWith('.test.ts'),
)

/** Rules as they stand in the code; the parts after a dot that are computed are listed here. */
const computed: Readonly<Record<string, readonly string[]>> = {
  proration: ['second', 'day', 'fixed_month'],
  usage: [
    'standard',
    'graduated',
    'volume',
    'package',
    'blocks',
    'percentage',
    'graduated_percentage',
  ],
  // Taxes stand on the invoice by rate, and coupons are explained by what they took of a line.
  tax: [],
}

const rules = new Set(
  sources.flatMap(file => {
    const text = readFileSync(join(core, file), 'utf8')
    const fixed = [...text.matchAll(/\brule: '([a-z_.]+)'/g)].map(match => match[1]!)
    const open = [...text.matchAll(/\brule: `([a-z_]+)\.\$\{/g)].flatMap(match =>
      computed[match[1]!]!.map(name => `${match[1]}.${name}`),
    )
    return [...fixed, ...open]
  }),
)

const inputs = new Proxy<Record<string, string | number>>({}, { get: () => 1, has: () => true })

describe.each([...rules].filter(rule => !rule.startsWith('discount.')))('the rule %s', rule => {
  it('has a sentence in English and one in Chinese, and they differ', () => {
    const english = explain({ rule, inputs }, 'USD', 'en')
    const chinese = explain({ rule, inputs }, 'USD', 'zh-CN')
    expect(english).toMatch(/\w/)
    expect(chinese).toMatch(/[\u4e00-\u9fff]/)
    expect(english).not.toBe(chinese)
  })
})
