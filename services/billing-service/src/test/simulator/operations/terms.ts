// Terms that change while subscriptions run: tax, exemptions, where somebody is, and policies.
import { updateCustomer, updateSettings } from '../../../actions/customers/customer-verbs.ts'
import { decideTax } from '../../../actions/tax/decide-tax.ts'
import { createTaxRate } from '../../../actions/tax/tax-rates.ts'
import { issuer } from '../offers.ts'
import { drawSettings } from '../settings.ts'
import { act, type Operation } from './scene.ts'

export const countries = ['DE', 'FR', 'US', 'JP'] as const

export const move: Operation = ({ random, tenant }) => {
  const country = random.pick(countries)
  return act(`moves to ${country}`, (deps, caller) =>
    updateCustomer(deps, caller, tenant.defaultCustomerId, {
      address: { country, state: country === 'US' ? random.pick(['NY', 'CA']) : null },
    }),
  )
}

/** The law of a country changes. */
export const changeRate: Operation = ({ random }) => {
  const input = {
    country: random.pick(countries),
    region: null,
    name: 'VAT',
    kind: 'standard' as const,
    ratePpm: random.pick([70_000, 190_000, 200_000]),
    validFrom: null,
    validTo: null,
  }
  return act(`${input.country} takes ${input.ratePpm} ppm`, deps =>
    createTaxRate(deps, issuer, input),
  )
}

export const exempt: Operation = ({ random, tenant }) => {
  const exempted = random.chance(0.4)
  return act(exempted ? 'is exempt from tax' : 'pays tax', (deps, caller) =>
    decideTax(deps, caller, tenant.defaultCustomerId, { exempt: exempted }),
  )
}

/** A VAT id that was proved turns the charge round; without the proof it does not. */
export const proveVat: Operation = ({ random, tenant }) => {
  const country = 'DE'
  const proof = random.chance(0.6)
    ? {
        country,
        vatId: `${country}${random.whole(100_000_000, 999_999_999)}`,
        source: 'manual' as const,
        reference: 'by letter',
        provedAt: null,
      }
    : null
  return act(proof === null ? 'loses the proof of its VAT id' : `proves ${proof.vatId}`, (d, c) =>
    decideTax(d, c, tenant.defaultCustomerId, { proof }),
  )
}

/** Everything of the policy but the currency, which a live subscription holds. */
export const changePolicy: Operation = ({ random }) => {
  const { currency: _, ...policy } = drawSettings(random)
  return act('has another policy', (deps, caller) => updateSettings(deps, caller, policy))
}
