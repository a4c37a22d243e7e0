// Where a running product is, for the commands that are started beside it. Readable by its owner alone,
// because the database's address holds a password.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface RunningProduct {
  readonly pid: number
  readonly gatewayUrl: string
  readonly billingUrl: string
  /** The embedded database's owner; null when the database is somebody's server. */
  readonly ownerUrl: string | null
  /** The embedded sandbox; null beside the real Stripe. */
  readonly sandboxUrl: string | null
}

const fileOf = (dataDir: string) => join(dataDir, 'running.json')

/** Writes where it runs; answers how to take that back. */
export function announce(dataDir: string, product: RunningProduct): () => void {
  const file = fileOf(dataDir)
  rmSync(file, { force: true })
  writeFileSync(file, `${JSON.stringify(product, null, 2)}\n`, { mode: 0o600 })
  return () => rmSync(file, { force: true })
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** The product that runs on a data directory, or null. */
export function runningOn(dataDir: string): RunningProduct | null {
  try {
    const product: RunningProduct = JSON.parse(readFileSync(fileOf(dataDir), 'utf8'))
    return isAlive(product.pid) ? product : null
  } catch {
    return null
  }
}
