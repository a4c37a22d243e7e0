// What banks do later: payments taken back by their payers, answered, won and lost.
import { submitEvidence } from '../../../actions/disputes/dispute-verbs.ts'
import { isClosed } from '../../../core/dispute.ts'
import { steer } from '../tenant-state.ts'
import { act, type Operation, one, type Scene } from './scene.ts'

/** The processor's charge behind a payment. */
function chargeOf({ world }: Scene, processorId: string | null): string | null {
  const intent =
    processorId === null ? undefined : world.sandbox.state.get('payment_intent', processorId)
  const charge = intent?.latest_charge ?? null
  return typeof charge === 'string' ? charge : (charge?.id ?? null)
}

export const dispute: Operation = scene => {
  const disputed = new Set(scene.disputes.map(each => each.transactionId))
  const payment = one(
    scene,
    scene.transactions.filter(
      each => each.type === 'payment' && each.status === 'succeeded' && !disputed.has(each.id),
    ),
  )
  if (payment === null) return null
  const charge = chargeOf(scene, payment.processorId)
  if (charge === null) return null
  const left = payment.amountMinor - payment.amountRefundedMinor
  return act(`disputes ${left} of ${payment.amountMinor}`, () =>
    steer(scene.world, 'disputes', { charge }),
  )
}

export const answer: Operation = scene => {
  const open = one(
    scene,
    scene.disputes.filter(each => !isClosed(each.status)),
  )
  return open === null
    ? null
    : act('answers a dispute', (deps, caller) =>
        submitEvidence(deps, caller, open.id, 'It was delivered.'),
      )
}

/** The bank decides. */
export const decide: Operation = scene => {
  const open = one(
    scene,
    scene.disputes.filter(each => !isClosed(each.status)),
  )
  if (open === null) return null
  const outcome = scene.random.chance(0.5) ? 'won' : 'lost'
  return act(`the bank decides: ${outcome}`, () =>
    steer(scene.world, `disputes/${open.processorId}`, { outcome }),
  )
}
