// The Stripe sandbox by itself.
import { runSandbox } from '@quittance/stripe-sandbox/main'
import type { Run } from './command.ts'

export const runStripeSandbox: Run = async ({ text }) => {
  const given = ['port', 'data-dir'].flatMap(name => {
    const value = text(name)
    return value === undefined ? [] : [`--${name}`, value]
  })
  await runSandbox(given)
  return 0
}
