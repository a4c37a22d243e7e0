// Policies of simulated tenants: they differ from one to the other, and change while they live.
import type { BillingSettings } from '../../core/tenant.ts'
import { currencies } from './catalogue.ts'
import type { Random } from './random.ts'

const zones = [
  'UTC',
  'America/New_York',
  'Asia/Shanghai',
  'Europe/Berlin',
  'Pacific/Auckland',
  'America/Sao_Paulo',
]

/** A policy, drawn. */
export function drawSettings(random: Random): Partial<BillingSettings> {
  return {
    currency: random.pick(currencies),
    zone: random.pick(zones),
    taxRatePpm: random.pick([0, 0, 88_750, 200_000]),
    trialDays: random.pick([0, 14, 30]),
    gracePeriodDays: random.pick([0, 7, 14]),
    dunningAttempts: random.pick([1, 3, 4]),
    dunningDays: random.chance(0.3) ? [1, 2, 3, 4, 5, 6, 8, 10] : null,
    dunningFinalAction: random.pick(['unpaid', 'unpaid', 'cancel']),
    backupMethods: random.chance(0.4),
    bankDebitAccess: random.pick(['on_submit', 'on_clearing', 'up_to_limit']),
    bankDebitLimitMinor: 15_000,
    disputeAction: random.pick(['cancel_when_lost', 'cancel_at_once', 'keep']),
    lateUsage: random.chance(0.8) ? 'next_invoice' : 'reject',
    prorationUnit: random.chance(0.7) ? 'second' : 'day',
    taxRoundingLevel: random.pick(['rate', 'line', 'invoice']),
    trialEndBehavior: random.pick(['pause', 'cancel', 'create_invoice']),
  }
}
