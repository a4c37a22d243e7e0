// Where processors deliver their events. The raw bytes are signed, so they are read as bytes.
import { basePath } from '@quittance/billing-contract/routes'
import { receiveEvent } from '../../actions/webhooks/receive-event.ts'
import type { Server } from '../server.ts'

export function webhookRoutes({ app, deps }: Server): void {
  app.register(async scope => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    )
    scope.post(`${basePath}/webhooks/stripe`, async request => {
      const signature = request.headers['stripe-signature']
      const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      await receiveEvent(deps, raw, Array.isArray(signature) ? signature[0] : signature)
      return { received: true }
    })
  })
}
