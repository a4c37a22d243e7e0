import { describe, expect, it } from 'vitest'
import type { AuditLine } from './records.ts'
import { auditDigest, brokenLink, chainStart, nextSeal, sealIdOf, unsealedOf } from './seal.ts'

// A stand-in that keeps the whole text: what is told apart here is told apart by every hash.
const hash = (text: string | Uint8Array) => `<${text}>`
const start = { tenantId: 't', id: 'ledger', sequence: 0, hash: chainStart } as const
const first = nextSeal(hash, start, [{ id: 'le_1', digest: 'a' }], 5)
const second = nextSeal(
  hash,
  { ...start, sequence: 1, hash: first.hash },
  [{ id: 'le_2', digest: 'b' }],
  6,
)

const line: AuditLine = {
  tenantId: 't',
  id: 'aud_1',
  actor: 'ada',
  role: 'admin',
  action: 'customer.changed',
  objectId: 'cus_1',
  changes: { b: [1, { d: null, c: 'x' }], a: 1 },
  reason: null,
  ipAddress: null,
  requestId: 'req_1',
  recordedAt: 0,
} as AuditLine

describe('a chain of seals', () => {
  it('counts 1, 2 and binds each to the one before, its rows, their order and its time', () => {
    expect([first.id, second.id]).toEqual(['ledger:000000000001', 'ledger:000000000002'])
    expect(brokenLink(hash, { sequence: 0, hash: chainStart }, first)).toBeNull()
    expect(brokenLink(hash, first, second)).toBeNull()
    const changed = [
      { ...second, rows: [{ id: 'le_2', digest: 'c' }] },
      { ...second, rows: [...second.rows, { id: 'le_3', digest: 'd' }] },
      { ...second, sealedAt: 7 },
      { ...second, tenantId: 'u' },
      { ...second, rowCount: 2 },
    ]
    for (const seal of changed) {
      expect(brokenLink(hash, first, seal)).toBe('seal 2 was changed')
    }
  })

  it('says which seal is missing, and when one follows another chain', () => {
    expect(brokenLink(hash, { sequence: 0, hash: chainStart }, second)).toBe(
      'seal 1 is missing before seal 2',
    )
    expect(brokenLink(hash, { ...first, hash: 'other' }, second)).toBe(
      'seal 2 follows another chain',
    )
  })

  it('sorts by its id as by its number up to 999,999,999,999', () => {
    expect(sealIdOf('audit', 9) < sealIdOf('audit', 10)).toBe(true)
  })
})

describe('rows that wait for their seal', () => {
  it('are named together, for each tenant, under the id of the first', () => {
    const row = (tenantId: string, id: string) => ({ tenantId, id, recordedAt: 5 })
    const rows = [row('t', 'aud_1'), row('u', 'aud_2'), row('t', 'aud_3')]
    expect(unsealedOf('audit', rows)).toEqual([
      { tenantId: 't', id: 'aud_1', stream: 'audit', rowIds: ['aud_1', 'aud_3'], recordedAt: 5 },
      { tenantId: 'u', id: 'aud_2', stream: 'audit', rowIds: ['aud_2'], recordedAt: 5 },
    ])
    expect(unsealedOf('ledger', [])).toEqual([])
  })
})

describe('the digest of an audit line', () => {
  it('is one whatever order a store keeps members in, and tells lists from members', () => {
    const turned = { a: 1, b: [1, { c: 'x', d: null }] }
    expect(auditDigest(hash, { ...line, changes: turned })).toBe(auditDigest(hash, line))
    const pairs = { ...line, changes: { a: [['b', 1]] } }
    const members = { ...line, changes: { a: { b: 1 } } }
    expect(auditDigest(hash, pairs)).not.toBe(auditDigest(hash, members))
  })
})
