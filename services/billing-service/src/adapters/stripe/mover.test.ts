import { startSandbox } from '@quittance/stripe-sandbox/server'
import { describeMover } from '../../ports/mover.contract.ts'
import { attach, chargeRequest, newCustomer } from '../../ports/processor.contract.world.ts'
import { fixtureOf } from './test-fixture.ts'

describeMover('Stripe', async () => {
  const fixture = fixtureOf(await startSandbox())
  return {
    mover: fixture.processor,
    request: async amount => {
      const processorCustomerId = await fixture.processor.createCustomer(newCustomer())
      const answer = await attach(fixture, processorCustomerId, fixture.methods.approved)
      if (answer.outcome !== 'attached') throw new Error(answer.outcome)
      const processorMethodId = answer.method.processorId
      return chargeRequest({ processorCustomerId, processorMethodId, amount })
    },
    keep: () => undefined,
    close: () => fixture.close(),
  }
})
