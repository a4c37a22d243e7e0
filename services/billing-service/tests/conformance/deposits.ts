// The magic values that verify a bank account by micro-deposits, each with what must come of it.
import { failureOf } from '@quittance/stripe-sandbox/test-client'
import { expect } from 'vitest'
import { dayMs, waitingSetup } from './acts.ts'
import type { Ground } from './ground.ts'

type Answer = { readonly amounts: number[] } | { readonly descriptor_code: string }

export interface Deposit {
  readonly value: string
  readonly says: string
  prove(ground: Ground): Promise<void>
}

const verify = async ({ stripe }: Ground, id: string, answer: Answer) =>
  stripe.setupIntents.verifyMicrodeposits(id, answer)

const verifies = (value: string, answer: Answer): Deposit => ({
  value,
  says: 'verifies',
  async prove(ground) {
    const { id, next_action: action } = await waitingSetup(ground)
    expect(action?.type).toBe('verify_with_microdeposits')
    expect((await verify(ground, id, answer)).status).toBe('succeeded')
  },
})

const fails = (value: string, answer: Answer, code: string): Deposit => ({
  value,
  says: `fails for good: ${code}`,
  async prove(ground) {
    const { id } = await waitingSetup(ground)
    expect((await failureOf(verify(ground, id, answer))).code).toBe(code)
    const setup = await ground.stripe.setupIntents.retrieve(id)
    expect(setup).toMatchObject({ status: 'requires_payment_method', payment_method: null })
  },
})

const exceeded = 'payment_method_microdeposit_verification_attempts_exceeded'
const timeout = 'payment_method_microdeposit_verification_timeout'

/** Ten wrong codes use up the attempts; the first nine say how many are left. */
async function useUpAttempts(ground: Ground): Promise<void> {
  const { id } = await waitingSetup(ground)
  const wrong = { descriptor_code: 'SM99ZZ' }
  for (let left = 9; left > 0; left -= 1) {
    const { message } = await failureOf(verify(ground, id, wrong))
    expect(message).toContain(`${left} verification attempts remaining`)
  }
  expect((await failureOf(verify(ground, id, wrong))).code).toBe(exceeded)
}

async function waitTooLong(ground: Ground): Promise<void> {
  const { id } = await waitingSetup(ground)
  ground.sandbox.state.advance(10 * dayMs)
  const setup = await ground.stripe.setupIntents.retrieve(id)
  expect(setup.last_setup_error?.code).toBe(timeout)
}

export const deposits: readonly Deposit[] = [
  verifies('amounts 32 and 45', { amounts: [32, 45] }),
  verifies('code SM11AA', { descriptor_code: 'SM11AA' }),
  fails('amounts 10 and 11', { amounts: [10, 11] }, exceeded),
  fails('code SM33CC', { descriptor_code: 'SM33CC' }, exceeded),
  fails('code SM44DD', { descriptor_code: 'SM44DD' }, timeout),
  { value: 'a wrong code', says: 'costs one of 10 attempts', prove: useUpAttempts },
  { value: 'no answer', says: 'times out after 10 days', prove: waitTooLong },
]
