import { describe, expect, it } from 'vitest'
import { openApiDocument } from './openapi.ts'
import { permissions } from './permissions.ts'
import { refusals } from './refusals.ts'
import type { Route } from './route.ts'
import { basePath, routes } from './routes.ts'

interface Operation {
  readonly operationId: string
  readonly description: string
  readonly parameters?: readonly Record<string, unknown>[]
  readonly requestBody?: { required: boolean; content: Record<string, { schema: unknown }> }
  readonly responses: Record<string, { description: string; content?: Record<string, unknown> }>
  readonly security: readonly unknown[]
  readonly 'x-quittance-built'?: boolean
}

const document = openApiDocument()
const operations = Object.values(document.paths).flatMap(path =>
  Object.values(path),
) as unknown as Operation[]
const operation = (name: string) => operations.find(each => each.operationId === name)!
const everyRoute = Object.entries(routes) as [string, Route][]

function everyReference(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, each]) =>
    key === '$ref' ? [String(each)] : everyReference(each),
  )
}

describe('the OpenAPI document', () => {
  it('has one operation per route, under the base path, with its method', () => {
    expect(operations.map(each => each.operationId)).toEqual(
      expect.arrayContaining(everyRoute.map(([name]) => name)),
    )
    expect(operations).toHaveLength(everyRoute.length)
    for (const [name, route] of everyRoute) {
      const path = basePath + route.path.replace(/:(\w+)/g, '{$1}')
      expect(document.paths[path]?.[route.method.toLowerCase()]?.operationId).toBe(name)
    }
  })

  it('refers only to components that it holds', () => {
    const references = everyReference(document)
    expect(references.length).toBeGreaterThan(100)
    for (const reference of references) {
      const [kind = '', name = ''] = reference.replace('#/components/', '').split('/')
      expect(document.components[kind]?.[name], reference).toBeDefined()
    }
  })

  it('lists each refusal of a route under its status, with the sentence that callers read', () => {
    for (const [name, route] of everyRoute) {
      for (const code of route.refusals) {
        const answer = operation(name).responses[String(refusals[code].status)]
        expect(answer?.description, `${name} ${code}`).toContain(`\`${code}\`: `)
        expect(answer?.content).toHaveProperty('application/problem+json')
      }
    }
  })

  it('names shared objects once: a reply, a list item, a nullable and an optional field', () => {
    const subscription = { $ref: '#/components/schemas/Subscription' }
    const reply = operation('createSubscription').responses['201']
    expect(reply?.content).toEqual({ 'application/json': { schema: subscription } })
    const list = operation('listSubscriptions').responses['200']
    expect(list?.content).toMatchObject({
      'application/json': { schema: { properties: { data: { items: subscription } } } },
    })
    const properties = document.components.schemas?.Subscription as {
      properties: Record<string, unknown>
    }
    expect(properties.properties.payment).toEqual({ $ref: '#/components/schemas/PaymentResult' })
    expect(properties.properties.pendingChange).toEqual({
      anyOf: [{ $ref: '#/components/schemas/PendingChange' }, { type: 'null' }],
    })
  })

  it('keeps the schema of an input as the service checks it', () => {
    const body = operation('createRefund').requestBody
    expect(body?.required).toBe(false)
    expect(body?.content['application/json']?.schema).toEqual(
      JSON.parse(JSON.stringify(routes.createRefund.body)),
    )
    expect(operation('createSubscription').requestBody?.required).toBe(true)
    expect(operation('updateSubscription').requestBody?.required).toBe(true)
  })

  it('asks for a bearer token everywhere but at the webhook', () => {
    for (const [name, route] of everyRoute) {
      expect(operation(name).security).toEqual(route.permission === null ? [] : [{ bearer: [] }])
      if (route.permission === null) continue
      expect(operation(name).description).toContain(`\`${route.permission}\``)
      for (const role of permissions[route.permission]) {
        expect(operation(name).description).toContain(role === 'issuer' ? 'operator' : role)
      }
    }
    expect(routes.receiveStripeWebhook.permission).toBeNull()
  })

  it('marks what is not built yet and gives it a 501', () => {
    for (const [name, route] of everyRoute) {
      const marked = operation(name)['x-quittance-built']
      expect(marked).toBe(route.built === false ? false : undefined)
      if (route.built === false) expect(operation(name).responses).toHaveProperty('501')
    }
  })

  it('takes the tenant on tenant routes and an idempotency key on every write', () => {
    const takes = (name: string, header: string) =>
      everyReference(operation(name).parameters ?? []).includes(`#/components/parameters/${header}`)
    expect(takes('createSubscription', 'IdempotencyKey')).toBe(true)
    expect(takes('removePaymentMethod', 'IdempotencyKey')).toBe(true)
    expect(takes('listInvoices', 'IdempotencyKey')).toBe(false)
    expect(takes('listInvoices', 'TenantId')).toBe(true)
    expect(takes('listPlans', 'TenantId')).toBe(false)
  })

  it('says which path and query parameters there are', () => {
    expect(operation('getInvoicePdf').parameters).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'id', in: 'path', required: true }),
        expect.objectContaining({ name: 'lang', in: 'query', required: false }),
      ]),
    )
  })

  it('answers files with their media: a PDF, and an export as csv, xlsx or pdf', () => {
    const mediaOf = (name: string) => Object.keys(operation(name).responses['200']?.content ?? {})
    expect(mediaOf('getInvoicePdf')).toEqual(['application/pdf'])
    expect(mediaOf('exportTransactions')).toEqual([
      'text/csv',
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      'application/pdf',
    ])
    expect(operation('removePaymentMethod').responses['204']?.content).toBeUndefined()
  })

  it('is plain JSON, the same each time, and takes a title, a version and servers', () => {
    expect(JSON.stringify(openApiDocument())).toBe(JSON.stringify(document))
    const servers = [{ url: 'https://billing.example.com' }]
    const named = openApiDocument({ title: 'Billing', version: '2.1.0', servers })
    expect(named.info).toMatchObject({ title: 'Billing', version: '2.1.0' })
    expect(named.servers).toEqual(servers)
  })
})
