// The outbox as operators see it, and trying a mail once more.
import type { Mail, MailState } from '../../core/mail.ts'
import { refuse } from '../../core/refusal.ts'
import type { Deps } from '../../deps.ts'
import type { Page } from '../../ports/store.ts'
import { type ListInput, listSystem, readList } from '../read-list.ts'

export interface OutboxFilter {
  readonly tenantId?: string | undefined
  readonly state?: MailState | undefined
  readonly input: ListInput
}

/** A page over all tenants or of one, newest first. Refuses `invalid_cursor`. */
export function listMails(deps: Deps, filter: OutboxFilter): Promise<Page<Mail>> {
  const { tenantId, state, input } = filter
  const where = state === undefined ? {} : { state }
  return tenantId === undefined
    ? listSystem(deps, 'mails', 'createdAt', { where, input })
    : readList(deps, tenantId, 'mails', where, input)
}

/** One mail with its parts. Refuses `not_found`. */
export async function getMail(deps: Deps, id: string): Promise<Mail> {
  const { rows } = await deps.store.system.list('mails', {
    where: { id: id as Mail['id'] },
    limit: 1,
  })
  return rows[0] ?? refuse('not_found', { noun: 'mail', nounZh: '邮件' })
}

/**
 * Puts a mail that is done back in line, with all its tries. Who has it already does not get it twice; one that
 * was sent to all, or still waits, is answered as it is. Refuses `not_found`.
 */
export async function resendMail(deps: Deps, id: string): Promise<Mail> {
  const { tenantId } = await getMail(deps, id)
  const now = deps.clock.real()
  return deps.store.transaction(tenantId, async tx => {
    const mail = await tx.lock('mails', id)
    if (mail.state === 'queued' || mail.state === 'sent') return mail
    // Only a server takes a mail for good: what was kept as a file has reached nobody.
    const left = mail.recipients.filter(each => each.state === 'accepted' && mail.state !== 'kept')
    return tx.replace('mails', {
      ...mail,
      state: 'queued',
      recipients: left.length === 0 ? [] : mail.recipients.map(waitingAgain),
      attempts: 0,
      note: null,
      dueAt: now,
      updatedAt: now,
    })
  })
}

const waitingAgain = (recipient: Mail['recipients'][number]) =>
  recipient.state === 'refused' ? ({ ...recipient, state: 'waiting' } as const) : recipient
