// The sandbox's test cases for cards. Each stands for a token that the processor knows; the number
// is shown to recognise the case by and is never sent anywhere.
import type { WordKey } from '../../words/words.ts'

export interface TestCard {
  readonly token: string
  readonly number: string
  readonly brand: string
  readonly says: Extract<WordKey, `card.${string}`>
}

export const testCards: readonly [TestCard, ...TestCard[]] = [
  { token: 'pm_card_visa', number: '4242 4242 4242 4242', brand: 'visa', says: 'card.works' },
  {
    token: 'pm_card_mastercard',
    number: '5555 5555 5555 4444',
    brand: 'mastercard',
    says: 'card.mastercard',
  },
  {
    token: 'pm_card_unionpay',
    number: '6200 0000 0000 0005',
    brand: 'unionpay',
    says: 'card.unionpay',
  },
  {
    token: 'pm_card_chargeCustomerFail',
    number: '4000 0000 0000 0341',
    brand: 'visa',
    says: 'card.failsLater',
  },
  {
    token: 'pm_card_chargeDeclined',
    number: '4000 0000 0000 0002',
    brand: 'visa',
    says: 'card.declined',
  },
  {
    token: 'pm_card_chargeDeclinedInsufficientFunds',
    number: '4000 0000 0000 9995',
    brand: 'visa',
    says: 'card.insufficient',
  },
  {
    token: 'pm_card_chargeDeclinedExpiredCard',
    number: '4000 0000 0000 0069',
    brand: 'visa',
    says: 'card.expired',
  },
  {
    token: 'pm_card_authenticationRequired',
    number: '4000 0027 6000 3184',
    brand: 'visa',
    says: 'card.confirmation',
  },
  {
    token: 'pm_card_createDispute',
    number: '4000 0000 0000 0259',
    brand: 'visa',
    says: 'card.dispute',
  },
]
