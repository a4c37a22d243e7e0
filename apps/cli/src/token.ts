// Prints a token: with JWT_SECRET, or with the secret that a sandbox's data directory keeps.
import { type Role, roles } from '@quittance/billing-contract/permissions'
import { chooseDataDir } from '@quittance/billing-service/adapters/postgres/embedded'
import { type Invocation, Problem, type Run, UsageProblem } from './command.ts'
import { dataDirByDefault } from './places.ts'
import { keptSecrets } from './secrets.ts'
import { say, sayJson } from './terminal.ts'
import { claimNamesOf, signToken } from './tokens.ts'

function roleOf(given: string): Role {
  const role = roles.find(each => each === given)
  if (role === undefined)
    throw new UsageProblem(`--role takes ${roles.join(', ')}, not "${given}".`)
  return role
}

function hoursOf(given: string): number {
  const hours = Number(given)
  if (hours > 0 && hours <= 8760) return hours
  throw new UsageProblem(`--hours takes a number up to 8760, not "${given}".`)
}

/** The secret that tokens of this installation are signed with. */
export function secretFor(env: Invocation['env']): string {
  if (env.JWT_SECRET) return env.JWT_SECRET
  const { dataDir } = chooseDataDir(env.DATA_DIR, dataDirByDefault)
  const kept = keptSecrets(dataDir)
  if (kept !== null && !env.STRIPE_SECRET_KEY) return kept.jwtSecret
  throw new Problem(
    'There is no secret to sign with: set JWT_SECRET, or start the sandbox once (npm start).',
  )
}

export const runToken: Run = async ({ text, on, env }) => {
  const role = roleOf(text('role') ?? 'admin')
  const tenantId = text('tenant') ?? null
  const hours = hoursOf(text('hours') ?? '12')
  if (tenantId === null && (role === 'admin' || role === 'member')) {
    throw new UsageProblem(`The role ${role} speaks for a tenant: name it with --tenant.`)
  }
  const input = { subject: text('subject') ?? 'cli', tenantId, roles: [role], hours }
  const settings = {
    secret: secretFor(env),
    issuer: env.JWT_ISSUER || undefined,
    audience: env.JWT_AUDIENCE || undefined,
    claims: claimNamesOf(env),
  }
  const now = Date.now()
  const token = signToken(input, settings, now)
  const expiresAt = new Date(now + hours * 3_600_000).toISOString()
  if (on('json')) sayJson({ token, role, tenantId, subject: input.subject, expiresAt })
  else say(token)
  return 0
}
