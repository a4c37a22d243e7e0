// Sends mails of the outbox, outside any transaction. A mail is sent by whoever holds its lease; its message
// id stays the same over all tries, so that a try whose end was lost is known as a repetition.
import type { Mail } from '../../core/mail.ts'
import { retriedMail, settledMail } from '../../core/mail.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Instant } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import { type ComposedMail, composeMail } from './compose-mail.ts'

const leaseMs = 10 * 60_000
/** Longest that one mail may take: its document, and a slow server. No try is begun later than that. */
const tryMaxMs = 2 * 60_000
const batchMax = 20

export type MailResult = Mail['state'] | 'left'

/** Sends what is due, oldest first. Answers what became of each. */
export async function sendDueMails(deps: Deps): Promise<readonly MailResult[]> {
  const now = deps.clock.real()
  const leaseUntil = now + leaseMs
  const due = await deps.store.system.claim('mails', {
    field: 'dueAt',
    now,
    leaseUntil,
    limit: batchMax,
  })
  const results: MailResult[] = []
  for (const mail of due) {
    const inTime = deps.clock.real() < leaseUntil - tryMaxMs
    results.push(inTime ? await sendMail(deps, mail) : 'left')
  }
  return results
}

/** Writes what waits for one tenant now, in the moment of its clock; a mail in another's hands is left. */
export async function sendMailsOf(deps: Deps, tenantId: string): Promise<void> {
  const { rows } = await deps.store.of(tenantId).list('mails', {
    where: { state: 'queued' },
    order: { field: 'createdAt', direction: 'asc' },
    limit: 100,
  })
  const now = deps.clock.real()
  for (const row of rows) {
    const taken = await takeMail(deps, row, now)
    if (taken !== null) await sendMail(deps, taken)
  }
}

async function takeMail(deps: Deps, row: Mail, now: Instant): Promise<Mail | null> {
  return deps.store.transaction(row.tenantId, async tx => {
    const mail = await tx.lock('mails', row.id)
    const free = mail.state === 'queued' && mail.dueAt !== null && mail.dueAt <= now
    return free ? tx.replace('mails', { ...mail, dueAt: now + leaseMs }) : null
  })
}

/** Writes and sends one mail that is held, and keeps what came of it. */
async function sendMail(deps: Deps, held: Mail): Promise<MailResult> {
  const tried = { ...held, attempts: held.attempts + 1 }
  let next: Mail
  try {
    next = await tryMail(deps, tried)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const { tenantId, id, kind } = held
    deps.log.warn({ tenantId, mailId: id, kind, reason }, 'mail will be tried again')
    next = retriedMail(tried, reason.slice(0, 300), deps.clock.real())
  }
  try {
    await deps.store.transaction(held.tenantId, tx => tx.replace('mails', next))
    return next.state
  } catch (error) {
    // Somebody else took it when the lease was over; what they write stands.
    if (error instanceof Refusal && error.code === 'version_conflict') return 'left'
    throw error
  }
}

async function tryMail(deps: Deps, mail: Mail): Promise<Mail> {
  const composed = await composeMail(deps, mail)
  const now = deps.clock.real()
  if (typeof composed === 'string') {
    return { ...mail, state: 'skipped', note: composed, dueAt: null, updatedAt: now }
  }
  const written = withContent(mail, composed)
  if (composed.test && !deps.mailsTestTenants) {
    const kept = settledMail(written, { delivered: false, refused: [] }, now)
    return { ...kept, note: 'test tenant' }
  }
  const attachments = composed.pdf === null ? [] : [await composed.pdf()]
  const named = { ...written, attachments: attachments.map(({ filename }) => filename) }
  const to = named.recipients.filter(each => each.state === 'waiting').map(each => each.address)
  const receipt = await deps.mailer.send({
    id: mail.id,
    to,
    replyTo: deps.issuer.email,
    language: composed.language,
    ...composed.written,
    attachments,
  })
  return settledMail(named, receipt, deps.clock.real())
}

/** The mail with its words; recipients of an earlier try keep what became of them. */
function withContent(mail: Mail, { to, language, written }: ComposedMail): Mail {
  const known = mail.recipients.length > 0
  return {
    ...mail,
    ...written,
    language,
    recipients: known
      ? mail.recipients
      : to.map(address => ({ address, state: 'waiting', reply: null })),
  }
}
