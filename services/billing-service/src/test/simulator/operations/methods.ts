// Payment methods, and what their holders do at a challenge.
import { addPaymentMethod } from '../../../actions/payment-methods/add-method.ts'
import { makeDefault, removeMethod } from '../../../actions/payment-methods/method-verbs.ts'
import type { PaymentMethod } from '../../../core/payment-method.ts'
import { authenticate, currencyOf, steer } from '../tenant-state.ts'
import { act, type Operation, one, type Scene } from './scene.ts'

/** Cards by what they do; most pay. */
export const cards = {
  pm_card_visa: 10,
  pm_card_mastercard: 5,
  pm_card_chargeCustomerFail: 4,
  pm_card_chargeDeclinedInsufficientFunds: 1,
  pm_card_authenticationRequired: 2,
  pm_card_authenticationRequiredOnSetup: 2,
  pm_card_pendingRefund: 2,
  pm_card_refundFail: 2,
} as const

/** Bank accounts by what becomes of a debit, days later. */
const banks = {
  pm_usBankAccount_success: 6,
  pm_usBankAccount_insufficientFunds: 3,
  pm_usBankAccount_accountClosed: 1,
  pm_usBankAccount_debitNotAuthorized: 1,
  pm_usBankAccount_dispute: 2,
  pm_usBankAccount_processing: 1,
} as const

/** Only dollars are debited from these banks. */
export const addBank: Operation = scene => {
  if (currencyOf(scene) !== 'USD') return null
  const processorMethodId = scene.random.weighted(banks)
  return act(`adds ${processorMethodId} as default`, (deps, caller) =>
    addPaymentMethod(deps, caller, { processorMethodId, setDefault: true }),
  )
}

/** The bank answers a debit at last that nobody heard of any more. */
export const answerDebit: Operation = scene => {
  const waiting = one(
    scene,
    scene.transactions.filter(each => each.type === 'payment' && each.status === 'processing'),
  )
  if (waiting?.processorId == null) return null
  const body = {
    payment_intent: waiting.processorId,
    outcome: scene.random.pick(['succeeded', 'bank_insufficient_funds']),
  }
  return act(`the bank answers a debit: ${body.outcome}`, () => steer(scene.world, 'settle', body))
}

export const addCard: Operation = scene => {
  const processorMethodId = scene.random.weighted(cards)
  const setDefault = scene.random.chance(0.6)
  return act(`adds ${processorMethodId}${setDefault ? ' as default' : ''}`, (deps, caller) =>
    addPaymentMethod(deps, caller, { processorMethodId, setDefault }),
  )
}

const methodThat = (scene: Scene): PaymentMethod | null => one(scene, scene.methods)

export const chooseCard: Operation = scene => {
  const method = methodThat(scene)
  return method === null
    ? null
    : act(`makes ${method.card?.last4 ?? method.type} the default`, (deps, caller) =>
        makeDefault(deps, caller, method.id),
      )
}

export const dropCard: Operation = scene => {
  const method = methodThat(scene)
  return method === null
    ? null
    : act(`removes ${method.card?.last4 ?? method.type}`, (deps, caller) =>
        removeMethod(deps, caller, method.id),
      )
}

export const confirm: Operation = scene => {
  const waiting = one(
    scene,
    scene.transactions.filter(each => each.status === 'requires_action'),
  )
  if (waiting?.processorId == null) return null
  const passes = scene.random.chance(0.7)
  const { processorId } = waiting
  return act(`${passes ? 'passes' : 'fails'} the challenge`, () =>
    authenticate(scene.world, processorId, passes),
  )
}
