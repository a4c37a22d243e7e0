// Secrets of an installation that was given none: made once, kept in the data directory for its owner alone.
import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Problem } from './command.ts'

export interface Secrets {
  /** Signs and verifies tokens. */
  readonly jwtSecret: string
  /** Signs the sandbox's webhook deliveries. */
  readonly webhookSecret: string
}

const fileOf = (dataDir: string) => join(dataDir, 'secrets.json')

function readSecrets(file: string): Partial<Secrets> {
  if (!existsSync(file)) return {}
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return typeof value === 'object' && value !== null ? value : {}
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Problem(`The secrets in ${file} cannot be read: ${reason}.`, { cause })
  }
}

/** The secrets kept in a data directory; null when none were made there yet. */
export function keptSecrets(dataDir: string): Secrets | null {
  const { jwtSecret, webhookSecret } = readSecrets(fileOf(dataDir))
  if (jwtSecret === undefined || webhookSecret === undefined) return null
  return { jwtSecret, webhookSecret }
}

/** The secrets of a data directory, made at the first start. Only their owner may read the file (0600). */
export function secretsIn(dataDir: string): Secrets {
  const kept = keptSecrets(dataDir)
  if (kept !== null) return kept
  const file = fileOf(dataDir)
  const secrets: Secrets = {
    jwtSecret: randomBytes(48).toString('base64url'),
    webhookSecret: `whsec_${randomBytes(24).toString('base64url')}`,
  }
  try {
    mkdirSync(dataDir, { recursive: true })
    const draft = `${file}.${process.pid}.new`
    writeFileSync(draft, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 })
    chmodSync(draft, 0o600)
    renameSync(draft, file)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Problem(
      `The data directory ${dataDir} cannot be written (${reason}): choose another with DATA_DIR.`,
      { cause },
    )
  }
  return secrets
}
