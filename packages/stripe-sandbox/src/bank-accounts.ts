// Stripe's test accounts for US bank debits, as a table
// (docs.stripe.com/payments/ach-direct-debit).

import type { DeclineName } from './declines.ts'

export type BankBehaviour = {
  accountNumber: string
  /** The `pm_usBankAccount_*` name; those accounts count as verified. */
  name: string | null
  /** A name of our own, for an account that still waits for its microdeposits: pages cannot type a number. */
  isUnverified?: true
  debitFails?: DeclineName
  /** Refused at confirmation, before any debit is sent. */
  refuses?: DeclineName
  staysProcessing?: boolean
  /** The bank returns the money after the payment succeeded; Stripe reports it as a dispute. */
  disputedLater?: boolean
}

export const bankAccounts: readonly BankBehaviour[] = [
  { accountNumber: '000123456789', name: 'pm_usBankAccount_success' },
  { accountNumber: '000123456789', name: 'pm_usBankAccount_unverified', isUnverified: true },
  {
    accountNumber: '000111111113',
    name: 'pm_usBankAccount_accountClosed',
    debitFails: 'bank_account_closed',
  },
  {
    accountNumber: '000111111116',
    name: 'pm_usBankAccount_noAccount',
    debitFails: 'bank_account_missing',
  },
  {
    accountNumber: '000222222227',
    name: 'pm_usBankAccount_insufficientFunds',
    debitFails: 'bank_insufficient_funds',
  },
  {
    accountNumber: '000333333335',
    name: 'pm_usBankAccount_debitNotAuthorized',
    debitFails: 'debit_not_authorized',
  },
  { accountNumber: '000555555559', name: 'pm_usBankAccount_dispute', disputedLater: true },
  { accountNumber: '000000000009', name: 'pm_usBankAccount_processing', staysProcessing: true },
  { accountNumber: '000777777771', name: null, refuses: 'bank_weekly_limit' },
  { accountNumber: '000000004954', name: null, refuses: 'bank_blocked' },
]

export function bankAccountNamed(name: string): BankBehaviour | undefined {
  return bankAccounts.find(row => row.name === name)
}

/** The behaviour of an account number; numbers that are not in the table simply succeed. */
export function bankAccountNumbered(accountNumber: string): BankBehaviour {
  const known = bankAccounts.find(row => row.accountNumber === accountNumber)
  return known ?? { accountNumber, name: null }
}
