// Issues the reconciliation certificate of a month and prints it.
import {
  certifyMonth,
  monthBefore,
} from '@quittance/billing-service/actions/reconciliation/certify'
import type { Certificate } from '@quittance/billing-service/core/comparison'
import { exponentOf } from '@quittance/billing-service/core/money'
import { exitCodes, type Run, UsageProblem } from './command.ts'
import { withService } from './composed.ts'
import { say, sayJson } from './terminal.ts'

const shownMax = 20

function monthOf(given: string | undefined): string {
  if (given === undefined) return monthBefore(Date.now())
  if (/^\d{4}-(0[1-9]|1[0-2])$/.test(given)) return given
  throw new UsageProblem(`--month takes a month such as 2026-11, not "${given}".`)
}

function sumText(minor: number, currency: string): string {
  const decimals = exponentOf(currency)
  const digits = String(Math.abs(minor)).padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  const rest = decimals === 0 ? '' : `.${digits.slice(-decimals)}`
  return `${minor < 0 ? '-' : ''}${whole}${rest} ${currency}`
}

function print(certificate: Certificate): void {
  const { id, agrees, tallies, differences, differenceCount, foreignCount, events } = certificate
  say(`${agrees ? 'agrees' : 'DIFFERS'}  ${id}`)
  for (const { kind, currency, ours, theirs } of tallies) {
    const [here, there] = [ours, theirs].map(
      ({ count, sumMinor }) => `${count} of ${sumText(sumMinor, currency)}`,
    )
    say(`        ${kind.padEnd(13)} here ${here}, at Stripe ${there}`)
  }
  for (const each of differences.slice(0, shownMax)) {
    const { objectType, processorId, field, ours, theirs } = each
    say(`        ${objectType} ${processorId}: ${field} is ${ours} here, ${theirs} there`)
  }
  if (differenceCount > shownMax) say(`        and ${differenceCount - shownMax} more`)
  say(
    `        ${foreignCount} objects of the account are none of ours; ${events.delivered} events ` +
      `were delivered, ${events.found} found by the back-fill, ${events.dead} given up`,
  )
}

export const runReconcile: Run = async ({ text, on, env }) => {
  const month = monthOf(text('month'))
  const certificate = await withService(env, ({ deps }) => certifyMonth(deps, month, 'cli'))
  if (on('json')) sayJson(certificate)
  else print(certificate)
  return certificate.agrees ? exitCodes.ok : exitCodes.problem
}
