// The sandbox's test cases for bank accounts, by the tokens that it knows. Numbers are shown to recognise a case
// by and are never sent anywhere.
import type { WordKey } from '../../words/words.ts'

export interface TestAccount {
  readonly token: string
  readonly number: string
  readonly says: Extract<WordKey, `account.${string}`>
}

export const testAccounts: readonly [TestAccount, ...TestAccount[]] = [
  { token: 'pm_usBankAccount_success', number: '000123456789', says: 'account.works' },
  { token: 'pm_usBankAccount_unverified', number: '000123456789', says: 'account.unverified' },
  {
    token: 'pm_usBankAccount_insufficientFunds',
    number: '000222222227',
    says: 'account.insufficient',
  },
  { token: 'pm_usBankAccount_dispute', number: '000555555559', says: 'account.dispute' },
]
