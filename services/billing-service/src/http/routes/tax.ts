import { decideTax } from '../../actions/tax/decide-tax.ts'
import { createTaxRate, endTaxRate, listTaxRates } from '../../actions/tax/tax-rates.ts'
import { percentToPpm } from '../../core/money.ts'
import { fromIso } from '../../core/time.ts'
import { issuerCaller } from '../caller.ts'
import { pageToWire } from '../list-input.ts'
import { serve } from '../serve.ts'
import type { Server } from '../server.ts'
import { customerToWire } from '../wire/records.ts'
import { taxRateToWire } from '../wire/tax.ts'

const instant = (text: string | null | undefined, path: string): number | null =>
  text === undefined || text === null ? null : fromIso(text, path)

export function taxRoutes(server: Server): void {
  const { deps } = server
  serve(server, 'listTaxRates', async ({ query }) =>
    pageToWire(await listTaxRates(deps, query), taxRateToWire),
  )
  serve(server, 'createTaxRate', async ({ bearer, body }) => {
    const rate = await createTaxRate(deps, issuerCaller(server, bearer), {
      country: body.country,
      region: body.region ?? null,
      name: body.name,
      kind: body.kind ?? 'standard',
      ratePpm: percentToPpm(body.rate, '/rate'),
      validFrom: instant(body.validFrom, '/validFrom'),
      validTo: instant(body.validTo, '/validTo'),
    })
    return taxRateToWire(rate)
  })
  serve(server, 'endTaxRate', async ({ bearer, params, body }) => {
    const at = instant(body.at, '/at')
    return taxRateToWire(await endTaxRate(deps, issuerCaller(server, bearer), params.id, at))
  })
  serve(server, 'decideTax', async ({ caller, params, body }) => {
    const { proof, exempt } = body
    const customer = await decideTax(deps, caller, params.id, {
      exempt,
      ...(proof === undefined
        ? {}
        : {
            proof: proof && {
              ...proof,
              reference: proof.reference ?? null,
              provedAt: instant(proof.provedAt, '/proof/provedAt'),
            },
          }),
    })
    return customerToWire(customer)
  })
}
