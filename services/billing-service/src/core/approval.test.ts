import { describe, expect, it } from 'vitest'
import { auditRow } from '../ports/contract/record-rows.ts'
import {
  type Approval,
  assertMayDecide,
  givenAloneMinor,
  isAboveLimit,
  stateAt,
} from './approval.ts'

const waiting: Approval = {
  tenantId: 't',
  id: 'apr_1',
  kind: 'refund',
  state: 'waiting',
  objectId: 'txn_1',
  customerId: 'cus_1',
  currency: 'USD',
  amountMinor: 60_000,
  input: {},
  requestedBy: 'ada',
  reason: null,
  requestKey: null,
  decidedBy: null,
  decisionReason: null,
  decidedAt: null,
  resultId: null,
  refusal: null,
  expiresAt: 1_000,
  createdAt: 0,
  updatedAt: 0,
  version: 1,
}
const codeOf = (decide: () => void): string => {
  try {
    decide()
    return 'decided'
  } catch (error) {
    return (error as { code: string }).code
  }
}

describe('who may decide, and until when', () => {
  it('is anybody else until the millisecond at which it expires', () => {
    const decide = (verdict: 'approved' | 'declined', subject: string, now: number) =>
      codeOf(() => assertMayDecide(waiting, verdict, subject, now))
    expect(decide('approved', 'bob', 999)).toBe('decided')
    expect(decide('approved', 'bob', 1_000)).toBe('approval_expired')
    expect(decide('approved', 'ada', 999)).toBe('approval_needs_another')
    expect(decide('declined', 'ada', 999)).toBe('decided')
    expect(stateAt(waiting, 1_000)).toBe('expired')
  })

  it('is nobody once it was decided, even after its time', () => {
    const approved: Approval = { ...waiting, state: 'approved' }
    expect(codeOf(() => assertMayDecide(approved, 'declined', 'bob', 5_000))).toBe(
      'approval_decided',
    )
  })
})

describe('what one person gave alone', () => {
  const line = (action: string, changes: object) =>
    auditRow('t', { action, changes: { customerId: 'cus_1', currency: 'USD', ...changes } })
  const sum = (...lines: ReturnType<typeof line>[]) => givenAloneMinor(lines, waiting)

  it('adds refunds, credit, notes and write-offs: 10.00 + 5.00 + 2.00 + 1.00 are 18.00', () => {
    expect(
      sum(
        line('refund.created', { amountMinor: 1_000 }),
        line('credit.adjusted', { amountMinor: 500 }),
        line('credit_note.issued', { totalMinor: 200, refundedMinor: 0 }),
        line('invoice.written_off', { owedMinor: 100 }),
      ),
    ).toBe(1_800)
  })

  it('counts a refund with its credit note once, and credit that was taken back not at all', () => {
    expect(
      sum(
        line('credit_note.issued', { totalMinor: 1_000, refundedMinor: 1_000 }),
        line('refund.created', { amountMinor: 1_000 }),
        line('credit.adjusted', { amountMinor: -700 }),
      ),
    ).toBe(1_000)
  })

  it('leaves out other customers, other currencies and what a second person agreed to', () => {
    expect(
      sum(
        line('refund.created', { amountMinor: 1_000, customerId: 'cus_2' }),
        line('refund.created', { amountMinor: 1_000, currency: 'EUR' }),
        line('refund.created', { amountMinor: 1_000, approvalId: 'apr_1' }),
      ),
    ).toBe(0)
  })
})

describe('the limit', () => {
  it('is passed by one cent more, and is 0 in a currency that is not named', () => {
    const limits = { aboveMinor: { USD: 10_000 }, days: 7 }
    expect(isAboveLimit(limits, 'USD', 10_000)).toBe(false)
    expect(isAboveLimit(limits, 'USD', 10_001)).toBe(true)
    expect(isAboveLimit(limits, 'EUR', 1)).toBe(true)
  })
})
