// Writes a mail of the outbox: who it goes to, in which language, with which words. Reads only.
import type { Mail, MailKind } from '../../core/mail.ts'
import { isForIssuer, isWanted, recipientsOf } from '../../core/mail.ts'
import type { Deps } from '../../deps.ts'
import { addressLines } from '../../documents/party.ts'
import type { MailFrame } from '../../notifications/facts.ts'
import { type WrittenMail, writeMail } from '../../notifications/write-mail.ts'
import { type Entered, enter } from '../enter.ts'
import type { About } from './about.ts'
import {
  aboutCreditNote,
  aboutFailure,
  aboutInvoice,
  aboutOverdue,
  aboutPayment,
  aboutProcessing,
  aboutRefund,
} from './about-money.ts'
import { aboutDispute, aboutExpiry, aboutVerification } from './about-other.ts'
import {
  aboutCancellation,
  aboutPlanChanged,
  aboutRenewal,
  aboutReturn,
  aboutScheduledChange,
  aboutSuspension,
  aboutTrialEnding,
  aboutUsage,
  aboutWelcome,
} from './about-subscription.ts'
import { settingsLink } from './links.ts'
import type { Reader, Writing } from './reader.ts'

type Gather = (writing: Writing, mail: Mail) => Promise<About | string>

const gatherers: Readonly<Record<MailKind, Gather>> = {
  welcome: aboutWelcome,
  trial_ending: aboutTrialEnding,
  renewal_reminder: aboutRenewal,
  plan_changed: aboutPlanChanged,
  plan_change_scheduled: aboutScheduledChange,
  subscription_canceled: aboutCancellation,
  service_suspended: aboutSuspension,
  service_restored: aboutReturn,
  usage_alert: aboutUsage,
  invoice_issued: aboutInvoice,
  invoice_overdue: aboutOverdue,
  debit_processing: aboutProcessing,
  payment_succeeded: aboutPayment,
  payment_failed: aboutFailure,
  dunning_reminder: aboutFailure,
  dunning_final: aboutFailure,
  refund_sent: aboutRefund,
  credit_note_issued: aboutCreditNote,
  card_expiring: aboutExpiry,
  bank_verification: aboutVerification,
  dispute_opened: aboutDispute,
}

export interface ComposedMail {
  readonly to: readonly string[]
  readonly language: Reader['language']
  readonly written: WrittenMail
  readonly pdf: About['pdf']
  /** A test tenant's mails are written but never leave, unless the deployment says so. */
  readonly test: boolean
}

/** What stands around every mail of this deployment. */
export function frameFor(
  deps: Deps,
  { language, zone }: Pick<Reader, 'language' | 'zone'>,
  test: boolean,
): MailFrame {
  const { name, email, address } = deps.issuer
  return {
    language,
    zone,
    issuer: { name: name ?? '', email, addressLines: addressLines(address, language) },
    settingsUrl: settingsLink(deps),
    test,
  }
}

/** The mail as it would go out now, or why it is not sent. */
export async function composeMail(deps: Deps, mail: Mail): Promise<ComposedMail | string> {
  const entered = await enter(deps, mail)
  const asked = mail.data.asked === true
  if (!asked && !isWanted(mail.kind, entered.settings.notifications)) return 'switched off'
  const reads = deps.store.of(mail.tenantId)
  const about = await gatherers[mail.kind]({ deps, reads, entered }, mail)
  if (typeof about === 'string') return about
  const to = addressees(deps, mail, entered, about.reader)
  if (to.length === 0) return 'no recipient'
  const test = entered.tenant.kind === 'test'
  const written = writeMail(about.subject, frameFor(deps, about.reader, test))
  return { to, language: about.reader.language, written, pdf: about.pdf, test }
}

function addressees(deps: Deps, mail: Mail, { settings }: Entered, reader: Reader): string[] {
  if (!isForIssuer(mail.kind)) {
    return recipientsOf(mail.kind, reader.customer, settings.notifications)
  }
  return deps.issuer.email === null ? [] : [deps.issuer.email]
}
