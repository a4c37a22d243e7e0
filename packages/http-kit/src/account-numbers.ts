// Finds card numbers and bank account numbers in texts, so that they are refused where they arrive and masked where
// a line is logged. A number that fails its own check digits is none.

export type AccountNumberKind = 'card number' | 'bank account number'

/** Groups as they are printed on cards: 16 to 19 digits by fours, 15 and 14 as American Express and Diners do. */
const cardShapes =
  /(?<![\w+.])(?:\d{13,19}|\d{4}([ -])\d{4}\1\d{4}\1\d{1,7}|\d{4}([ -])\d{6}\2\d{4,5})(?!\w)/g

/** First digits and lengths of the schemes (ISO/IEC 7812 ranges in use). */
const schemes: readonly RegExp[] = [
  /^4(?:\d{12}|\d{15}|\d{18})$/,
  /^5[1-5]\d{14}$/,
  /^2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}$/,
  /^3[47]\d{13}$/,
  /^3(?:0[0-5]|[689]\d)\d{11}$/,
  /^(?:6011|64[4-9]\d|65\d\d)\d{12,15}$/,
  /^62\d{14,17}$/,
  /^35(?:2[89]|[3-8]\d)\d{12,15}$/,
  /^(?:50|5[6-8]|6[0-9])\d{14}(?:\d{2,3})?$/,
]

const ibanShape =
  /(?<![A-Z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Z0-9])/gi

/** The check digit of ISO/IEC 7812 (Luhn). */
export function hasLuhn(digits: string): boolean {
  let sum = 0
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits[digits.length - 1 - at])
    const doubled = at % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

/** The check digits of ISO 13616: the rearranged number leaves 1 when divided by 97. */
function hasIbanCheck(iban: string): boolean {
  const rearranged = iban.slice(4) + iban.slice(0, 4)
  let rest = 0
  for (const letter of rearranged) {
    const value = Number.parseInt(letter, 36)
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97
  }
  return rest === 1
}

function isCardNumber(found: string): boolean {
  const digits = found.replace(/[ -]/g, '')
  return schemes.some(scheme => scheme.test(digits)) && hasLuhn(digits)
}

function isIban(found: string): boolean {
  const compact = found.replaceAll(' ', '').toUpperCase()
  return compact.length >= 15 && compact.length <= 34 && hasIbanCheck(compact)
}

/** What a text holds of the kind, or null. */
export function accountNumberIn(text: string): AccountNumberKind | null {
  if (text.length < 13 || !/\d\d/.test(text)) return null
  if ((text.match(cardShapes) ?? []).some(isCardNumber)) return 'card number'
  return (text.match(ibanShape) ?? []).some(isIban) ? 'bank account number' : null
}

/** The text with every such number replaced: for logs. */
export const withoutAccountNumbers = (text: string): string =>
  text.length < 13
    ? text
    : text
        .replace(cardShapes, found => (isCardNumber(found) ? '[number]' : found))
        .replace(ibanShape, found => (isIban(found) ? '[number]' : found))

/** Names of fields that can only hold what must not be here. */
const secretNames =
  /^(?:pan|cvc2?|cvv2?|cid|csc|security_?code|card_?(?:number|no|cvc|cvv)|iban|account_?number|track_?data|track[12])$/i

export interface FoundNumber {
  /** JSON pointer of the field. */
  readonly path: string
  readonly kind: AccountNumberKind | 'card security code or account field'
}

const step = (name: string): string =>
  `/${name.replaceAll('~', '~0').replaceAll('/', '~1').slice(0, 100)}`

/** Looks through a parsed value: texts, numbers, and the names of members. */
export function findAccountNumber(value: unknown): FoundNumber | null {
  if (typeof value === 'string' || typeof value === 'number') {
    const kind = accountNumberIn(String(value))
    return kind === null ? null : { path: '', kind }
  }
  if (typeof value !== 'object' || value === null) return null
  for (const name of Object.keys(value)) {
    const each: unknown = (value as Record<string, unknown>)[name]
    const kind = accountNumberIn(name)
    if (kind !== null) return { path: '/[name]', kind }
    const holds = secretNames.test(name) && each !== null && each !== ''
    if (holds) return { path: step(name), kind: 'card security code or account field' }
    const found = findAccountNumber(each)
    if (found !== null) return { ...found, path: `${step(name)}${found.path}` }
  }
  return null
}
