import { getMail, listMails, resendMail } from '../../actions/mail/outbox.ts'
import { previewMail } from '../../actions/mail/preview-mail.ts'
import { listInput, pageToWire } from '../list-input.ts'
import { serve } from '../serve.ts'
import type { Server } from '../server.ts'
import { mailDetailToWire, mailToWire } from '../wire/mail.ts'

export function mailRoutes(server: Server): void {
  const { deps } = server
  serve(server, 'listMails', async ({ query }) => {
    const { status, tenantId } = query
    const page = await listMails(deps, { tenantId, state: status, input: listInput(query) })
    return pageToWire(page, mailToWire)
  })
  serve(server, 'getMail', async ({ params }) => mailDetailToWire(await getMail(deps, params.id)))
  serve(server, 'resendMail', async ({ params }) => mailToWire(await resendMail(deps, params.id)))
  serve(server, 'previewMail', async ({ params, query }) =>
    previewMail(deps, params.kind, query.lang ?? null),
  )
}
