// Which failures a person can put right, and the one sentence each of them gets. Everything else is a
// fault of ours and keeps its stack.
import { BillingError } from '@quittance/billing-client/error'

/** Errors whose message is the whole story, known by name because bundles may hold a class twice. */
const plainNames = ['StartupProblem', 'UsageProblem', 'Problem']

interface SystemError extends Error {
  readonly code: string
  readonly port?: number
  readonly path?: string
}

const isSystemError = (error: Error): error is SystemError =>
  'code' in error && typeof error.code === 'string'

function sentenceOfSystem(error: SystemError): string | null {
  const place = error.port ?? error.path
  switch (error.code) {
    case 'EADDRINUSE':
      return `Port ${place} is taken: stop what listens there, or choose another port.`
    case 'EACCES':
    case 'EPERM':
      return `Permission denied: ${place ?? error.message}.`
    case 'ENOSPC':
      return 'The disk is full.'
    default:
      return null
  }
}

/** One sentence for the terminal, or null for a fault. */
export function sentenceOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null
  if (plainNames.includes(error.name)) return error.message
  if (error instanceof BillingError) {
    const request = error.requestId === null ? '' : ` (request ${error.requestId})`
    return `${error.detail} [${error.code}]${request}`
  }
  return isSystemError(error) ? sentenceOfSystem(error) : null
}
