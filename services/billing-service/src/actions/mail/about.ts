// What a mail is about: its reader, its facts, and the document that goes with it.
import type { MailSubject } from '../../notifications/facts.ts'
import type { MailAttachment } from '../../ports/mailer.ts'
import type { Reader } from './reader.ts'

export interface About {
  readonly reader: Reader
  readonly subject: MailSubject
  /** Made only for mails that leave. */
  readonly pdf: (() => Promise<MailAttachment>) | null
}

/** Why a mail is not written: what it would say is no longer so. */
export const overtaken = 'overtaken by what happened since'

/** A rendered document as an attachment. */
export const attached = ({
  pdf,
  filename,
}: {
  readonly pdf: Uint8Array
  readonly filename: string
}): MailAttachment => ({ filename, contentType: 'application/pdf', content: pdf })
