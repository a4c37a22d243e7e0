// Events to read back, and the endpoints they are delivered to.

import type Stripe from 'stripe'
import type { Call, Route } from '../api.ts'
import { apiVersion } from '../events.ts'
import { invalidParameter, missingParameter } from '../failures.ts'
import { listPage, timeFilter, where } from '../lists.ts'
import {
  boolean,
  choice,
  mergedMetadata,
  onlyKnown,
  requiredText,
  text,
  textList,
  unsettableText,
} from '../params.ts'
import {
  erase,
  find,
  need,
  newest,
  newestWhere,
  newId,
  patch,
  randomWord,
  save,
  type Work,
} from '../state.ts'

const endpointsMax = 16

function checkedUrl(value: string): string {
  if (/^https?:\/\//.test(value) && URL.canParse(value)) return value
  throw invalidParameter(`Invalid URL: ${value}`, 'url', 'url_invalid')
}

/** The signing secrets are not part of the stored object, which is answered to everyone. */
export function signingSecret(work: Work, endpointId: string): string {
  const value = find(work, 'setting', `secret_of:${endpointId}`)?.value
  return typeof value === 'string' ? value : ''
}

function saveEndpoint(
  work: Work,
  url: string,
  secret: string,
  enabledEvents: string[],
  more: Partial<Stripe.WebhookEndpoint> = {},
): Stripe.WebhookEndpoint {
  const endpoint = save(work, 'webhook_endpoint', {
    id: newId('we'),
    object: 'webhook_endpoint',
    api_version: apiVersion,
    application: null,
    created: work.at,
    description: null,
    enabled_events: enabledEvents,
    livemode: false,
    metadata: {},
    status: 'enabled',
    url,
    ...more,
  })
  save(work, 'setting', { id: `secret_of:${endpoint.id}`, value: secret })
  return endpoint
}

/** Makes sure an endpoint with this address exists and has this secret and these events. */
export function upsertEndpoint(
  work: Work,
  wanted: { url: string; secret: string; events?: string[] },
): void {
  const enabledEvents = wanted.events ?? ['*']
  const known = newestWhere(work, 'webhook_endpoint', row => row.url === wanted.url)
  if (!known) {
    saveEndpoint(work, wanted.url, wanted.secret, enabledEvents)
    return
  }
  patch(work, 'webhook_endpoint', known.id, { enabled_events: enabledEvents, status: 'enabled' })
  save(work, 'setting', { id: `secret_of:${known.id}`, value: wanted.secret })
}

function createEndpoint({ work, params }: Call): Stripe.WebhookEndpoint {
  onlyKnown(params, ['api_version', 'connect', 'description', 'enabled_events', 'metadata', 'url'])
  const url = checkedUrl(requiredText(params, 'url'))
  const events = textList(params, 'enabled_events')
  if (!events || events.length === 0) throw missingParameter('enabled_events')
  choice(params, 'api_version', [apiVersion])
  if (work.store.tables.webhook_endpoint.rows.size >= endpointsMax) {
    throw invalidParameter(`You have reached the maximum of ${endpointsMax} webhook endpoints.`)
  }
  const secret = `whsec_${randomWord(32)}`
  const endpoint = saveEndpoint(work, url, secret, events, {
    description: unsettableText(params, 'description') ?? null,
    metadata: mergedMetadata(params),
  })
  return { ...endpoint, secret }
}

function updateEndpoint({ work, params, id }: Call): Stripe.WebhookEndpoint {
  onlyKnown(params, ['description', 'disabled', 'enabled_events', 'metadata', 'url'])
  const before = need(work, 'webhook_endpoint', id)
  const url = text(params, 'url')
  const disabled = boolean(params, 'disabled')
  const description = unsettableText(params, 'description')
  return patch(work, 'webhook_endpoint', id, {
    description: description === undefined ? before.description : description,
    enabled_events: textList(params, 'enabled_events') ?? before.enabled_events,
    metadata: mergedMetadata(params, before.metadata),
    status: disabled === undefined ? before.status : disabled ? 'disabled' : 'enabled',
    url: url === undefined ? before.url : checkedUrl(url),
  })
}

function deleteEndpoint({ work, id }: Call): Stripe.DeletedWebhookEndpoint {
  need(work, 'webhook_endpoint', id)
  erase(work, 'webhook_endpoint', id)
  erase(work, 'setting', `secret_of:${id}`)
  return { id, object: 'webhook_endpoint', deleted: true }
}

function matchesType(type: string, wanted: string): boolean {
  return wanted.endsWith('*') ? type.startsWith(wanted.slice(0, -1)) : type === wanted
}

function listEvents({ work, params }: Call) {
  const inTime = timeFilter(params)
  const type = text(params, 'type')
  const types = textList(params, 'types') ?? (type ? [type] : undefined)
  const delivered = boolean(params, 'delivery_success')
  const rows = where(
    newest(work, 'event'),
    row =>
      inTime(row.created) &&
      (types === undefined || types.some(wanted => matchesType(row.type, wanted))) &&
      (delivered === undefined || (row.pending_webhooks === 0) === delivered),
  )
  return listPage(params, '/v1/events', rows, ['created', 'delivery_success', 'type', 'types'])
}

const base = '/v1/webhook_endpoints'

export const webhookRoutes: Route[] = [
  { method: 'POST', path: base, answer: createEndpoint },
  {
    method: 'GET',
    path: base,
    answer: ({ work, params }) => listPage(params, base, newest(work, 'webhook_endpoint')),
  },
  {
    method: 'GET',
    path: `${base}/:id`,
    answer: ({ work, id }) => need(work, 'webhook_endpoint', id),
  },
  { method: 'POST', path: `${base}/:id`, answer: updateEndpoint },
  { method: 'DELETE', path: `${base}/:id`, answer: deleteEndpoint },
  { method: 'GET', path: '/v1/events', answer: listEvents },
  { method: 'GET', path: '/v1/events/:id', answer: ({ work, id }) => need(work, 'event', id) },
]
