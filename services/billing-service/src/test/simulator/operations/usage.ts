// Usage as it comes: in time, late, again, corrected.
import { recordUsage } from '../../../actions/usage/record-usage.ts'
import { act, live, type Operation, one } from './scene.ts'

const dayMs = 86_400_000

export const use: Operation = scene => {
  const subscription = live(scene)
  if (subscription === null) return null
  const { random, world } = scene
  const late = random.chance(0.2)
  const agoMs = late ? random.whole(0, 50) * dayMs : random.whole(0, 3_600_000)
  const occurredAt = Math.max(subscription.createdAt, world.now() - agoMs)
  const quantity = String(random.whole(1, 2500))
  const idempotencyKey = random.chance(0.1) ? `use-${random.whole(1, 20)}` : null
  const input = { subscriptionId: subscription.id, metric: 'messages', quantity }
  return act(
    `uses ${quantity}${late ? ` (${Math.round(agoMs / dayMs)} d ago)` : ''}`,
    (d, caller) => recordUsage(d, caller, { ...input, occurredAt, idempotencyKey }),
  )
}

export const correct: Operation = scene => {
  const subscription = live(scene)
  const event = one(scene, scene.usage)
  if (subscription === null || event === null) return null
  const quantity = String(scene.random.whole(0, 2000))
  const input = {
    subscriptionId: event.subscriptionId,
    metric: event.metric,
    quantity,
    occurredAt: null,
    idempotencyKey: null,
    corrects: event.idempotencyKey,
  }
  return act(`corrects ${event.quantity} to ${quantity}`, (deps, caller) =>
    recordUsage(deps, caller, input),
  )
}
