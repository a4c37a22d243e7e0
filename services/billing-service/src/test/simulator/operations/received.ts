// Money outside any processor: transfers recorded in parts, too much at times, and taken back.
import { recordPayment, reverseReceivedPayment } from '../../../actions/payments/record-payment.ts'
import { amountDueMinor } from '../../../core/invoice.ts'
import { isManual } from '../../../core/received-payment.ts'
import { act, invoiceThat, type Operation, one, partOf } from './scene.ts'

export const receive: Operation = scene => {
  const { random, world } = scene
  const owed = invoiceThat(
    scene,
    each => amountDueMinor(each) > 0 && ['open', 'uncollectible'].includes(each.status),
  )
  if (owed === null) return null
  const dueMinor = amountDueMinor(owed)
  const much = random.weighted({ part: 5, whole: 4, more: 1 })
  const amountMinor = {
    part: partOf(random, dueMinor),
    whole: dueMinor,
    more: dueMinor + partOf(random, dueMinor),
  }[much]
  const ago = random.chance(0.3) ? random.whole(0, 3) * 86_400_000 : 0
  const receivedAt = Math.max(owed.createdAt, world.now() - ago)
  const input = { amountMinor, way: 'bank_transfer' as const, reference: null, receivedAt }
  return act(`sends ${amountMinor} of the ${dueMinor} of ${owed.invoiceNumber}`, (deps, caller) =>
    recordPayment(deps, caller, owed.id, input),
  )
}

export const reverse: Operation = scene => {
  const received = one(
    scene,
    scene.transactions.filter(each => each.status === 'succeeded' && isManual(each)),
  )
  if (received === null || received.type !== 'payment') return null
  return act(`takes back what it sent: ${received.amountMinor}`, (deps, caller) =>
    reverseReceivedPayment(deps, caller, received.id, 'sent back by the bank'),
  )
}
