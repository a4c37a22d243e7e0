// What dunning did, and what it would have done.
import { type Static, Type } from 'typebox'
import { Amount, Currency, Nullable, Time } from './values.ts'

const Outcome = Type.Object({
  recovered: Type.Integer({ description: 'Invoices that were paid after their first failure' }),
  amounts: Type.Array(Type.Object({ currency: Currency, recovered: Amount })),
  retries: Type.Integer({ description: 'Charges without the payer after the first one' }),
  daysToRecover: Nullable(Type.Number({ description: 'Mean, of the recovered ones' })),
})

export const DunningSimulation = Type.Object({
  from: Time,
  to: Time,
  invoices: Type.Integer({ description: 'Whose first charge failed in the span' }),
  complete: Type.Boolean({ description: 'False: the span holds more than was replayed' }),
  actual: Outcome,
  simulated: Outcome,
  assumptions: Type.Array(Type.String()),
})

export type DunningSimulationWire = Static<typeof DunningSimulation>
