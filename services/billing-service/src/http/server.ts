// What every route needs besides its request.
import type { Permission } from '@quittance/billing-contract/permissions'
import type { TokenVerifier } from '@quittance/http-kit/token'
import type { FastifyInstance } from 'fastify'
import type { Deps } from '../deps.ts'

/** Our own work, as far as an operator may look at it and start it. */
export interface JobControl {
  readonly list: readonly { readonly name: string; readonly says: string; readonly at?: string }[]
  /** Runs a job until it finds no more work; null when it takes longer than an answer may. */
  run(name: string): Promise<Readonly<Record<string, number>> | null>
}

export interface Server {
  readonly app: FastifyInstance
  readonly deps: Deps
  readonly verifier: TokenVerifier
  readonly jobs: JobControl
  /** Issuer permissions that this deployment grants to tenants' admins. */
  readonly adminMay: readonly Permission[]
  /** Whether operators must say why they change something of a tenant. */
  readonly requireReason: boolean
}
