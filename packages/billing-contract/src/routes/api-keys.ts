// Keys by which machines call instead of tokens: `Authorization: Bearer qk_...`.
import { Type } from 'typebox'
import { route } from '../route.ts'
import { ApiKey, ApiKeyInput, ApiKeyRotation, ApiKeyWithSecret } from '../schemas/api-key.ts'
import { listOf } from '../schemas/values.ts'
import { listQuery, strict } from './list-query.ts'

const { limit, cursor } = listQuery

/** The tenant is that of the token or of X-Tenant-Id; an operator without one has the issuer's in hand. */
const common = { tag: 'API keys', permission: 'api-keys.manage', tenant: false } as const

export const apiKeyRoutes = {
  listApiKeys: route({
    ...common,
    method: 'GET',
    path: '/api-keys',
    summary: 'The keys by which machines call, newest first',
    query: Type.Object({ limit, cursor }, strict),
    status: 200,
    reply: listOf(ApiKey),
    refusals: ['tenant_required'],
  }),
  createApiKey: route({
    ...common,
    method: 'POST',
    path: '/api-keys',
    summary: 'Make a key; it is answered this once',
    description:
      'Role service (default) or member, for the tenant; made by an operator without X-Tenant-Id it acts for the tenant that each call names. Only its hash is kept, so no answer is kept for an Idempotency-Key either.',
    unkept: true,
    body: ApiKeyInput,
    status: 201,
    reply: ApiKeyWithSecret,
    refusals: ['tenant_required', 'too_many_keys'],
  }),
  rotateApiKey: route({
    ...common,
    method: 'POST',
    path: '/api-keys/:id/rotate',
    summary: 'A new key in its place; the old one still counts for some hours',
    unkept: true,
    body: ApiKeyRotation,
    status: 201,
    reply: ApiKeyWithSecret,
    refusals: ['not_found', 'tenant_required'],
  }),
  revokeApiKey: route({
    ...common,
    method: 'DELETE',
    path: '/api-keys/:id',
    summary: 'End a key at once',
    status: 204,
    reply: null,
    refusals: ['not_found', 'tenant_required'],
  }),
} as const
