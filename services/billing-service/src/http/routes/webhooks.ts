// Where processors deliver their events, and the operators' view of them. The raw bytes are signed, so
// they are read as bytes.
import { basePath } from '@quittance/billing-contract/routes'
import {
  getInboxEvent,
  listInbox,
  replayEvent,
  replayEvents,
} from '../../actions/webhooks/inbox-events.ts'
import { receiveEvent, sharedKeeping } from '../../actions/webhooks/receive-event.ts'
import type { InboxEvent } from '../../core/inbox.ts'
import { listInput, pageToWire } from '../list-input.ts'
import { serve } from '../serve.ts'
import type { Server } from '../server.ts'
import { webhookEventDetailToWire, webhookEventToWire } from '../wire/webhook-events.ts'

interface Asked {
  readonly type?: string
  readonly objectId?: string
  readonly tenantId?: string
  readonly status?: string
}

const whereOf = ({ type, objectId, tenantId, status }: Asked): Partial<InboxEvent> => ({
  ...(type === undefined ? {} : { type }),
  ...(objectId === undefined ? {} : { objectId }),
  ...(tenantId === undefined ? {} : { tenantId }),
  ...(status === undefined ? {} : { state: status as InboxEvent['state'] }),
})

export function webhookRoutes(server: Server): void {
  const { app, deps } = server
  const keep = sharedKeeping(deps)
  app.register(async scope => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    )
    scope.post(`${basePath}/webhooks/stripe`, async request => {
      const signature = request.headers['stripe-signature']
      const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      await receiveEvent(deps, raw, Array.isArray(signature) ? signature[0] : signature, keep)
      return { received: true }
    })
  })
  serve(server, 'listWebhookEvents', async ({ query }) => {
    const page = await listInbox(deps, { where: whereOf(query), input: listInput(query) })
    return pageToWire(page, webhookEventToWire)
  })
  serve(server, 'getWebhookEvent', async ({ params }) =>
    webhookEventDetailToWire(await getInboxEvent(deps, params.id)),
  )
  serve(server, 'replayWebhookEvent', async ({ bearer, params }) =>
    webhookEventToWire(await replayEvent(deps, bearer.sub, params.id)),
  )
  serve(server, 'replayWebhookEvents', async ({ bearer, body }) =>
    replayEvents(deps, bearer.sub, { where: whereOf(body), input: listInput(body) }),
  )
}
