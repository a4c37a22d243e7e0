import { describe, expect, it } from 'vitest'
import type { PaymentMethod } from './payment-method.ts'
import { Refusal } from './refusal.ts'
import { answersLeft, countAnswer, mismatched, uncountAnswer, verified } from './verification.ts'

const day = 86_400_000

const waiting: PaymentMethod = {
  tenantId: 'acme',
  id: 'pm_1',
  customerId: 'cus_1',
  type: 'bank_account',
  card: null,
  bankAccount: { bankName: 'STRIPE TEST BANK', last4: '6789', accountType: 'checking' },
  billingDetails: { name: null, email: null, phone: null, address: null },
  status: 'pending_verification',
  fingerprint: null,
  processorId: 'pm_stripe',
  setupId: 'seti_1',
  verification: {
    kind: 'descriptor_code',
    amountsTried: 0,
    codesTried: 0,
    arrivesAt: day,
    expiresAt: 10 * day,
    hostedUrl: null,
  },
  detachedAt: null,
  createdAt: 0,
  updatedAt: 0,
  version: 1,
}

function wrong(kind: 'amounts' | 'descriptor_code', times: number): PaymentMethod {
  let method = waiting
  for (let time = 0; time < times; time += 1) {
    method = mismatched(countAnswer(method, kind, day), kind, day)
  }
  return method
}

describe('verifying a bank account', () => {
  it('3 wrong answers by amounts end it, 2 do not', () => {
    expect(wrong('amounts', 2).status).toBe('pending_verification')
    expect(wrong('amounts', 3)).toMatchObject({ status: 'verification_failed', verification: null })
  })

  it('10 wrong answers by code end it, 9 do not', () => {
    expect(wrong('descriptor_code', 9).status).toBe('pending_verification')
    expect(wrong('descriptor_code', 10).status).toBe('verification_failed')
  })

  it('after 2 wrong answers 1 by amounts and 10 by code are left', () => {
    const { verification } = wrong('amounts', 2)
    expect(answersLeft(verification!, 'amounts')).toBe(1)
    expect(answersLeft(verification!, 'descriptor_code')).toBe(10)
  })

  it('an answer that was never given costs no try', () => {
    const counted = countAnswer(waiting, 'amounts', day)
    expect(uncountAnswer(counted, 'amounts').verification).toEqual(waiting.verification)
  })

  it('is closed after ten days, and for an account that is verified', () => {
    expect(() => countAnswer(waiting, 'amounts', 10 * day)).toThrow(Refusal)
    expect(() => countAnswer(verified(waiting, day), 'amounts', day)).toThrow(Refusal)
  })
})
