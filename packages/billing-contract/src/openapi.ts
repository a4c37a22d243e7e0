// The OpenAPI 3.1 document of the interface, made from the routes. Not a server: it reads nothing and
// decides nothing.

import type { TSchema } from 'typebox'
import { issuerPermissions, permissions } from './permissions.ts'
import { type ContractRefusalCode, refusals } from './refusals.ts'
import type { Route } from './route.ts'
import { basePath, type RouteName, routes } from './routes.ts'
import { Approval } from './schemas/approval.ts'
import { Customer, Settings } from './schemas/customer.ts'
import { EntitlementCheck, Entitlements } from './schemas/entitlement.ts'
import { AuditLine, DomainEvent } from './schemas/history.ts'
import { Invoice, InvoiceLine } from './schemas/invoice.ts'
import { PaymentMethod, SetupIntent } from './schemas/payment-method.ts'
import { Plan, PlanChange, PlanDefinition, UsagePrice } from './schemas/plan.ts'
import { PaymentResult, PendingChange, Subscription } from './schemas/subscription.ts'
import { Summary, Transaction } from './schemas/transaction.ts'
import { SubscriptionUsage, UsageEvent } from './schemas/usage.ts'
import { Address, AddressInput, Metadata, Problem } from './schemas/values.ts'

interface JsonObject {
  readonly [member: string]: unknown
}

export interface OpenApiOptions {
  readonly title?: string
  readonly version?: string
  /** Where the API listens, without the base path; default: the host that serves the document. */
  readonly servers?: readonly { readonly url: string; readonly description?: string }[]
}

export interface OpenApiDocument {
  readonly openapi: '3.1.0'
  readonly info: JsonObject
  readonly servers: readonly JsonObject[]
  readonly tags: readonly JsonObject[]
  /** By full path, then by method in lower case. */
  readonly paths: Readonly<Record<string, Readonly<Record<string, JsonObject>>>>
  readonly components: Readonly<Record<string, JsonObject>>
}

/** Schemas that the document names once and refers to. */
const shared: Readonly<Record<string, TSchema>> = {
  Address,
  AddressInput,
  Approval,
  AuditLine,
  Customer,
  DomainEvent,
  EntitlementCheck,
  Entitlements,
  Invoice,
  InvoiceLine,
  Metadata,
  PaymentMethod,
  PaymentResult,
  PendingChange,
  Plan,
  PlanChange,
  PlanDefinition,
  Problem,
  Settings,
  SetupIntent,
  Subscription,
  SubscriptionUsage,
  Summary,
  Transaction,
  UsageEvent,
  UsagePrice,
}

/** An operation has one media type in the contract; exports choose among several by their path. */
const furtherMedia = (path: string): readonly string[] =>
  path.endsWith('/export/:format')
    ? ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'application/pdf']
    : []

const reference = (kind: string, name: string) => ({ $ref: `#/components/${kind}/${name}` })

/** Optional fields are copies of their schema, so equality of content is what makes two the same. */
const nameByContent = new Map(
  Object.entries(shared).map(([name, schema]) => [JSON.stringify(schema), name]),
)

function withReferences(value: unknown, own?: string): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(each => withReferences(each))
  const name = nameByContent.get(JSON.stringify(value))
  if (name !== undefined && name !== own) return reference('schemas', name)
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withReferences(each)]))
}

const isWrite = (route: Route) => route.method !== 'GET' && route.safe !== true

const has = (schema: TSchema | undefined, name: string): boolean =>
  Object.hasOwn((schema as { properties?: object } | undefined)?.properties ?? {}, name)

/** Every schema below this one, with the name of its field. */
function* fieldsOf(schema: unknown, name = ''): Generator<readonly [string, JsonObject]> {
  if (typeof schema !== 'object' || schema === null) return
  yield [name, schema as JsonObject]
  for (const [key, each] of Object.entries(schema)) yield* fieldsOf(each, key)
}

/** What a value of these fields can be, although it has the form that the schema wants. */
function refusalsOfBody(body: TSchema | undefined): ContractRefusalCode[] {
  const codes = new Set<ContractRefusalCode>()
  for (const [name, { format }] of fieldsOf(body)) {
    if (format === 'date-time') codes.add('invalid_timestamp')
    if (name === 'currency') codes.add('unknown_currency')
    if (/^(?:customer|subscription|invoice|paymentMethod|quote)Id$/.test(name))
      codes.add('not_found')
    if (/amount/i.test(name)) codes.add('invalid_amount').add('amount_too_large')
  }
  return [...codes]
}

const isIssuers = (route: Route): boolean =>
  route.permission !== null && (issuerPermissions as readonly string[]).includes(route.permission)

/** Every refusal an operation can give: its own, and those of its kind. */
function refusalsOf(route: Route): ContractRefusalCode[] {
  const codes = new Set<ContractRefusalCode>(route.refusals)
  const add = (when: boolean, ...more: ContractRefusalCode[]) => {
    if (when) for (const code of more) codes.add(code)
  }
  const guarded = route.permission !== null
  // A malformed header (X-Tenant-Id, Idempotency-Key) is an invalid request as well.
  add(guarded || route.query !== undefined || route.body !== undefined, 'invalid_request')
  add(route.method !== 'GET', 'invalid_request', 'unsupported_media_type', 'body_too_large')
  add(guarded, 'unauthenticated', 'forbidden', 'rate_limited')
  add(isIssuers(route), 'operator_only')
  add(guarded && isWrite(route), 'idempotency_conflict', 'idempotency_in_progress')
  add(guarded && isWrite(route), 'reason_required')
  add(route.tenant, 'tenant_required')
  add(route.path.includes(':'), 'not_found')
  add(has(route.query, 'cursor'), 'invalid_cursor')
  add(has(route.query, 'from'), 'invalid_timestamp')
  const takesText = route.body !== undefined || route.query !== undefined
  add(takesText || route.path.includes(':'), 'account_number_refused')
  add(true, ...refusalsOfBody(route.body))
  add(route.built === false, 'not_built_yet')
  add(true, 'overloaded', 'unavailable')
  return [...codes]
}

function problemAnswers(route: Route): Record<string, JsonObject> {
  const codes = refusalsOf(route)
  const statuses = [...new Set(codes.map(code => refusals[code].status))].sort((a, b) => a - b)
  return Object.fromEntries(
    statuses.map(status => [
      String(status),
      problemAnswer(
        status,
        codes.filter(code => refusals[code].status === status),
      ),
    ]),
  )
}

function problemAnswer(status: number, codes: readonly ContractRefusalCode[]): JsonObject {
  const narrowed = { type: 'object', properties: { code: { enum: codes } } }
  const waits = status === 429 || status === 503
  return {
    description: codes.map(code => `\`${code}\`: ${refusals[code].en}`).join('\n\n'),
    headers: {
      'X-Request-Id': reference('headers', 'RequestId'),
      ...(waits ? { 'Retry-After': reference('headers', 'RetryAfter') } : {}),
    },
    content: {
      'application/problem+json': {
        schema: { allOf: [reference('schemas', 'Problem'), narrowed] },
      },
    },
  }
}

function answer(route: Route): JsonObject {
  const replays = isWrite(route) && route.permission !== null
  const headers = {
    'X-Request-Id': reference('headers', 'RequestId'),
    ...(replays ? { 'Idempotent-Replayed': reference('headers', 'IdempotentReplayed') } : {}),
  }
  const description = route.status === 204 ? 'Done; there is nothing to say' : 'The answer'
  if (route.reply !== null) {
    const content = { 'application/json': { schema: withReferences(route.reply) } }
    return { description, headers, content }
  }
  if (route.media === undefined) return { description, headers }
  const media = [route.media, ...furtherMedia(route.path)]
  return { description, headers, content: Object.fromEntries(media.map(each => [each, {}])) }
}

const waitingAnswer = (): JsonObject => ({
  description:
    'Above the limit of one person (`APPROVAL_ABOVE`): nothing was done; it waits until somebody else agrees',
  headers: {
    'X-Request-Id': reference('headers', 'RequestId'),
    'Idempotent-Replayed': reference('headers', 'IdempotentReplayed'),
  },
  content: { 'application/json': { schema: withReferences(Approval) } },
})

function pathParameters(path: string): JsonObject[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
}

function queryParameters(query: JsonObject | undefined): JsonObject[] {
  const properties = (query?.properties ?? {}) as Record<string, JsonObject>
  const required = (query?.required ?? []) as string[]
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    ...(schema.description === undefined ? {} : { description: schema.description }),
    schema: withReferences(schema),
  }))
}

function headerParameters(route: Route): JsonObject[] {
  if (route.permission === null) return []
  return [
    ...(route.tenant ? [reference('parameters', 'TenantId')] : []),
    ...(isWrite(route) ? [reference('parameters', 'IdempotencyKey')] : []),
    ...(isWrite(route) ? [reference('parameters', 'Reason')] : []),
    reference('parameters', 'AcceptLanguage'),
  ]
}

function whoMay(route: Route): string {
  if (route.permission === null) return 'No token: the operation says how it is protected.'
  const held = permissions[route.permission]
  const issuer = (held as readonly string[]).includes('issuer')
  const who = issuer
    ? 'role `operator`, and `admin` where the issuer grants it (ADMIN_MAY)'
    : `roles ${held.map(role => `\`${role}\``).join(', ')} and \`operator\``
  return `Permission \`${route.permission}\`: ${who}.`
}

function operation(name: RouteName, route: Route): JsonObject {
  const notBuilt = route.built === false
  const description = [
    route.description,
    whoMay(route),
    notBuilt ? 'Part of the interface, but not built yet: it answers 501.' : undefined,
  ].filter(each => each !== undefined)
  const parameters = [
    ...pathParameters(route.path),
    ...queryParameters(route.query as JsonObject | undefined),
    ...headerParameters(route),
  ]
  const schema = route.body as JsonObject | undefined
  return {
    operationId: name,
    tags: [route.tag],
    summary: route.summary,
    description: description.join('\n\n'),
    ...(notBuilt ? { 'x-quittance-built': false } : {}),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(schema === undefined ? {} : { requestBody: requestBody(schema) }),
    responses: {
      [String(route.status)]: answer(route),
      ...(route.mayWait && { 202: waitingAnswer() }),
      ...problemAnswers(route),
    },
    security: route.permission === null ? [] : [{ bearer: [] }],
  }
}

function requestBody(schema: JsonObject): JsonObject {
  const required = ((schema.required ?? []) as string[]).length > 0 || 'minProperties' in schema
  return { required, content: { 'application/json': { schema: withReferences(schema) } } }
}

const parameters = {
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description:
      'Makes a repetition safe: the same key and body replays the first answer for 24 hours or more.',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
  },
  TenantId: {
    name: 'X-Tenant-Id',
    in: 'header',
    required: false,
    description:
      'The tenant to act for. Needed from `operator` and from a platform-wide `service`; refused from others, whose token names their tenant.',
    schema: { type: 'string', minLength: 1, maxLength: 128 },
  },
  Reason: {
    name: 'X-Reason',
    in: 'header',
    required: false,
    description:
      'Why, for the audit log; UTF-8, percent-encoded where it is not ASCII. Without it the `reason` of the body counts.',
    schema: { type: 'string', maxLength: 1500 },
  },
  AcceptLanguage: {
    name: 'Accept-Language',
    in: 'header',
    required: false,
    description: 'Language of messages: en (default) or zh-CN.',
    schema: { type: 'string' },
  },
}

const headers = {
  RequestId: {
    description: 'Names this request in the logs.',
    schema: { type: 'string' },
  },
  RetryAfter: { description: 'Seconds to wait.', schema: { type: 'integer' } },
  IdempotentReplayed: {
    description: '`true` when this is the kept answer to an earlier request with the same key.',
    schema: { type: 'string' },
  },
}

const securitySchemes = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'Claims `sub`, `exp`, `tenantId` and `roles`.',
  },
}

function paths(): OpenApiDocument['paths'] {
  const byPath: Record<string, Record<string, JsonObject>> = {}
  for (const name of Object.keys(routes) as RouteName[]) {
    const route: Route = routes[name]
    const path = basePath + route.path.replace(/:(\w+)/g, '{$1}')
    byPath[path] = {
      ...byPath[path],
      [route.method.toLowerCase()]: operation(name, route),
    }
  }
  return byPath
}

/**
 * The OpenAPI 3.1 document of the whole interface: every route with its inputs, its answer, each
 * refusal code under its status, and who may call it. Deterministic: the same routes give the same
 * document.
 */
export function openApiDocument(options: OpenApiOptions = {}): OpenApiDocument {
  const tags = [...new Set(Object.values(routes).map(route => route.tag))]
  return {
    openapi: '3.1.0',
    info: {
      title: options.title ?? 'Quittance',
      version: options.version ?? '1',
      description:
        'Payment and billing for multi-tenant platforms. Money is in the major unit of its currency, times are ISO-8601 in UTC, failures are `application/problem+json` (RFC 9457) with a stable `code`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: options.servers ?? [{ url: '/' }],
    tags: tags.map(name => ({ name })),
    paths: paths(),
    components: {
      schemas: Object.fromEntries(
        Object.entries(shared).map(([name, schema]) => [name, withReferences(schema, name)]),
      ) as JsonObject,
      parameters,
      headers,
      securitySchemes,
    },
  }
}
