// Names and addresses as they are written on documents. Not their storage, and no check of them.
import type { Address, TaxId } from '../core/customer.ts'
import type { PartyFact, PartyView } from './views.ts'
import type { Language, WordKey } from './words.ts'

/** A party as stored: the issuer's settings, or the buyer's snapshot on an invoice. */
export interface PartyFacts {
  readonly name: string | null
  readonly address: Address | null
  readonly taxIds: readonly TaxId[]
  readonly email: string | null
  readonly phone?: string | null
  readonly registerNumber?: string | null
}

const countryNames: Readonly<Record<Language, Intl.DisplayNames>> = {
  en: new Intl.DisplayNames('en', { type: 'region' }),
  'zh-CN': new Intl.DisplayNames('zh-CN', { type: 'region' }),
}

/** The name of a country for a reader; an unknown code is printed as it is. */
function countryName(code: string, language: Language): string {
  return /^[A-Z]{2}$/.test(code) ? (countryNames[language].of(code) ?? code) : code
}

const joined = (parts: readonly (string | null)[], separator: string): string =>
  parts.filter(part => part !== null && part !== '').join(separator)

/** Countries that write the town before the region and code, on one line. */
const townFirst: ReadonlySet<string> = new Set(['US', 'CA', 'AU', 'NZ', 'IN', 'SG'])

/** Countries whose code stands on a line of its own, below the town. */
const codeBelow: ReadonlySet<string> = new Set(['GB', 'IE'])

/** Han script with Chinese or Japanese addresses runs from the country down to the door. */
const largestFirst: ReadonlySet<string> = new Set(['CN', 'TW', 'HK', 'MO', 'JP'])

/** The lines of an address in the order of its country, its name in the reader's language. */
export function addressLines(address: Address | null, language: Language): string[] {
  if (!address) return []
  const { line1, line2, city, state, postalCode, country } = address
  const land = country === null ? null : countryName(country, language)
  const code = country ?? ''
  const lines = (): (string | null)[] => {
    if (largestFirst.has(code) && /\p{Script=Han}/u.test(`${city}${line1}`)) {
      const town = state === city ? city : joined([state, city], '')
      return [joined([land, town], ''), joined([line1, line2], ''), postalCode]
    }
    if (townFirst.has(code)) {
      return [line1, line2, joined([city, joined([state, postalCode], ' ')], ', '), land]
    }
    if (codeBelow.has(code)) return [line1, line2, city, state, postalCode, land]
    return [line1, line2, joined([postalCode, city], ' '), state, land]
  }
  return lines().filter((line): line is string => line !== null && line !== '')
}

/** The word for a kind of tax id, by the type names that processors use. */
function taxIdLabel(type: string): WordKey {
  if (type.endsWith('_vat')) return 'vatNumber'
  return type === 'cn_tin' || type === 'cn_uscc' ? 'creditCode' : 'taxId'
}

/** A party as a document names it: legal name, address, tax ids, contact. */
export function partyView(party: PartyFacts, language: Language): PartyView {
  const facts: (PartyFact | null)[] = [
    ...party.taxIds.map(({ type, value }) => ({ label: taxIdLabel(type), value })),
    party.registerNumber ? { label: 'registerNumber', value: party.registerNumber } : null,
    party.phone ? { label: 'phone', value: party.phone } : null,
    party.email ? { label: 'email', value: party.email } : null,
  ]
  return {
    name: party.name ?? party.email ?? '',
    addressLines: addressLines(party.address, language),
    facts: facts.filter((fact): fact is PartyFact => fact !== null),
  }
}
