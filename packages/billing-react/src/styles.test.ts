import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const tokens = readFileSync(new URL('./styles/tokens.css', import.meta.url), 'utf8')

/** The declarations of the first block after a selector, one an entry. */
function declarationsAfter(selector: string): string[] {
  const from = tokens.indexOf('{', tokens.indexOf(selector))
  return tokens
    .slice(from + 1, tokens.indexOf('}', from))
    .split(';')
    .map(line => line.trim())
    .filter(line => line !== '')
}

describe('dark colours', () => {
  it('are the same 29 whether the reader or the system asks for them', () => {
    const chosen = declarationsAfter('.qt-root[data-theme="dark"]')
    expect(chosen).toHaveLength(30)
    expect(declarationsAfter('.qt-root[data-theme="system"] {')).toEqual(chosen)
  })
})
