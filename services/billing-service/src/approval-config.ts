// The limits above which money given away by hand needs a second person, read from the environment.
import type { ApprovalLimits } from './core/approval.ts'
import { fromWire, isCurrency } from './core/money.ts'

interface Reading {
  checked<T>(name: string, fallback: T, says: string, read: (value: string) => T | null): T
  whole(name: string, fallback: number, min: number, max: number): number
}

/** `USD:500,EUR:450,JPY:50000`, each currency once; null for anything else. */
function limitsOf(value: string): Readonly<Record<string, number>> | null {
  const pairs = value.split(',').map(pair => pair.trim().split(':'))
  try {
    const limits = pairs.map(([currency = '', amount = '', ...rest]) => {
      if (!isCurrency(currency) || rest.length > 0) throw new TypeError(currency)
      return [currency, fromWire(amount.trim(), currency)] as const
    })
    const isOnce = new Set(limits.map(([currency]) => currency)).size === limits.length
    return isOnce && limits.every(([, minor]) => minor >= 0) ? Object.fromEntries(limits) : null
  } catch {
    return null
  }
}

/** Null without `APPROVAL_ABOVE`: nothing waits for anybody. */
export function readApprovals({ checked, whole }: Reading): ApprovalLimits {
  const aboveMinor = checked<Readonly<Record<string, number>> | undefined>(
    'APPROVAL_ABOVE',
    undefined,
    'amounts by currency such as USD:500,EUR:450',
    limitsOf,
  )
  const days = whole('APPROVAL_DAYS', 7, 1, 90)
  return aboveMinor === undefined ? null : { aboveMinor, days }
}
