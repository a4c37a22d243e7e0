// Our attempts against the processor's own objects: one to one, to the smallest unit.
import { fromStripeIntent, fromStripeRefund } from '../../adapters/stripe/mapping.ts'
import type { Dispute } from '../../core/dispute.ts'
import { isFinal, type Transaction } from '../../core/payment.ts'
import { isManual } from '../../core/received-payment.ts'
import type { SimulatedWorld } from './world.ts'

/** A fault that the processor keeps for its key is answered again for a day, and may strike twice. */
const keptErrorMs = 80 * 3_600_000
/** What began before an outage is looked for afterwards, and once more within the hour, before it is called off. */
const lookedForMs = 2 * 3_600_000

interface Theirs {
  readonly id: string
  readonly transactionId: string | null
  readonly status: string
  readonly amountMinor: number
  readonly currency: string
}

/** Everything that was asked for at the processor, as it stands there now. */
function theirsOf({ sandbox }: SimulatedWorld): Theirs[] {
  const payments = [...sandbox.state.newest('payment_intent')].map(intent => ({
    ...fromStripeIntent(intent),
    id: intent.id,
    transactionId: intent.metadata.transaction_id ?? null,
  }))
  const refunds = [...sandbox.state.newest('refund')].map(refund => ({
    ...fromStripeRefund(refund),
    id: refund.id,
    transactionId: refund.metadata?.transaction_id ?? null,
  }))
  return [...payments, ...refunds]
}

function compare(ours: Transaction, theirs: Theirs): string[] {
  const label = `${ours.type} ${ours.id}`
  const problems: string[] = []
  if (ours.amountMinor !== theirs.amountMinor || ours.currency !== theirs.currency) {
    problems.push(
      `${label} is ${ours.amountMinor} ${ours.currency} here, ` +
        `${theirs.amountMinor} ${theirs.currency} at the processor`,
    )
  }
  if (ours.status === 'processing' && theirs.status === 'failed') {
    problems.push(`${label} is still processing here, it has failed at the processor`)
  }
  const [here, there] = [ours.status === 'succeeded', theirs.status === 'succeeded']
  if (here !== there) {
    problems.push(`${label} is ${ours.status} here, ${theirs.status} at the processor`)
  }
  return problems
}

/** After reconciliation: what the processor has done is what we know, and the other way round. */
export function compareWithProcessor(
  world: SimulatedWorld,
  transactions: readonly Transaction[],
): string[] {
  const ours = new Map<string, Transaction>(transactions.map(each => [each.id, each]))
  const theirs = theirsOf(world)
  const matched = new Map<string, Theirs>()
  const problems: string[] = []
  for (const each of theirs) {
    const own = each.transactionId === null ? undefined : ours.get(each.transactionId)
    if (own === undefined) {
      problems.push(`${each.id} of ${each.amountMinor} ${each.currency} is no attempt of ours`)
      continue
    }
    if (matched.has(own.id)) problems.push(`${own.type} ${own.id} was made twice at the processor`)
    matched.set(own.id, each)
    problems.push(...compare(own, each))
  }
  for (const own of transactions) {
    const moved = !isManual(own) && (own.type === 'payment' || own.type === 'refund')
    if (moved && own.status === 'succeeded' && !matched.has(own.id)) {
      problems.push(`${own.type} ${own.id} succeeded here, the processor does not know it`)
    }
    const asked =
      world.now() - own.recordedAt > keptErrorMs && world.now() - world.runningSince > lookedForMs
    if (moved && own.status === 'pending' && asked && !matched.has(own.id)) {
      problems.push(`${own.type} ${own.id} is still pending, the processor does not know it`)
    }
  }
  return problems
}

/** Every dispute there is known here, as it stands there now. */
export function compareDisputes(world: SimulatedWorld, disputes: readonly Dispute[]): string[] {
  const ours = new Map(disputes.map(each => [each.processorId, each]))
  return [...world.sandbox.state.newest('dispute')].flatMap(({ id, status, amount }) => {
    const own = ours.get(id)
    if (own === undefined) return [`the dispute ${id} of ${amount} is not known here`]
    return own.status === status && own.amountMinor === amount
      ? []
      : [`${own.id} is ${own.status} over ${own.amountMinor} here, ${status} over ${amount} there`]
  })
}

/** A final status that was just written is what the processor's object says at this moment. */
export function truthOf(world: SimulatedWorld, written: Transaction): string[] {
  if (!isFinal(written.status) || written.processorId === null) return []
  const state = world.sandbox.state
  const intent =
    written.type === 'payment' ? state.get('payment_intent', written.processorId) : null
  const refund = written.type === 'refund' ? state.get('refund', written.processorId) : null
  const status = intent
    ? fromStripeIntent(intent).status
    : refund
      ? fromStripeRefund(refund).status
      : null
  if (status === null || (written.status === 'succeeded') === (status === 'succeeded')) return []
  return [`${written.type} ${written.id} was settled as ${written.status}, but it is ${status}`]
}
