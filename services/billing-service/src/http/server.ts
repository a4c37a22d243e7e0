// What every route needs besides its request.
import type { Permission } from '@quittance/billing-contract/permissions'
import type { TokenVerifier } from '@quittance/http-kit/token'
import type { FastifyInstance } from 'fastify'
import type { Deps } from '../deps.ts'

export interface Server {
  readonly app: FastifyInstance
  readonly deps: Deps
  readonly verifier: TokenVerifier
  /** Issuer permissions that this deployment grants to tenants' admins. */
  readonly adminMay: readonly Permission[]
}
