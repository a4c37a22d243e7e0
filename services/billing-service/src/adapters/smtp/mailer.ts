// Mail over SMTP, or as .eml files in a folder while no server is configured.
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import type { Mailer, MailMessage, RefusedRecipient } from '../../ports/mailer.ts'

const timeoutMs = 10_000
/** A server may take its time to look at a whole message. */
const answerTimeoutMs = 30_000

const envelope = (from: string, message: MailMessage) => ({
  from,
  to: [...message.to],
  ...(message.replyTo === null ? {} : { replyTo: message.replyTo }),
  subject: message.subject,
  text: message.text,
  html: message.html,
  messageId: `<${message.id}@quittance>`,
  headers: {
    'Content-Language': message.language,
    // So that no out-of-office program answers a machine (RFC 3834).
    'Auto-Submitted': 'auto-generated',
  },
  attachments: message.attachments.map(({ filename, contentType, content }) => ({
    filename,
    contentType,
    content: Buffer.from(content),
  })),
  // Content is all here; nothing is fetched by name.
  disableFileAccess: true,
  disableUrlAccess: true,
})

/** Replies of 500 and above are for good (RFC 5321, 4.2.1). */
const isPermanent = (code: unknown): boolean => typeof code === 'number' && code >= 500

interface SmtpFailure {
  readonly recipient?: string
  readonly response?: string
  readonly responseCode?: number
  readonly message: string
}

const replyMax = 300

const refusal = (address: string, failure: SmtpFailure): RefusedRecipient => ({
  address,
  reply: (failure.response ?? failure.message).replace(/\s+/g, ' ').slice(0, replyMax),
  permanent: isPermanent(failure.responseCode),
})

interface SmtpError extends Error {
  readonly code?: string
  readonly responseCode?: number
  readonly response?: string
  readonly rejectedErrors?: readonly SmtpFailure[]
}

/** Each recipient's own refusal; one of the whole message counts for all. Else the fault is thrown on. */
function refusedBy(error: SmtpError, to: readonly string[]): RefusedRecipient[] {
  if (error.rejectedErrors && error.rejectedErrors.length > 0) {
    return error.rejectedErrors.map(each => refusal(each.recipient ?? '', each))
  }
  const aboutMessage = error.code === 'EMESSAGE' || error.code === 'EENVELOPE'
  if (!aboutMessage || !isPermanent(error.responseCode)) throw error
  return to.map(address => refusal(address, error))
}

/** Delivers to an SMTP server, `smtp://user:password@host:port`, over a few connections that are kept. */
export function smtpMailer(url: string, from: string): Mailer {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 2,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: answerTimeoutMs,
  })
  return {
    send: async message => {
      try {
        const info = await transport.sendMail(envelope(from, message))
        const failures: readonly SmtpFailure[] = info.rejectedErrors ?? []
        const refused = failures.map(each => refusal(each.recipient ?? '', each))
        return { delivered: true, refused }
      } catch (error) {
        return { delivered: true, refused: refusedBy(error as SmtpError, message.to) }
      }
    },
    close: async () => transport.close(),
  }
}

/** Keeps each message as a file that any mail program opens. */
export function fileMailer(folder: string, from: string): Mailer {
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' })
  return {
    send: async message => {
      const { message: content } = await transport.sendMail(envelope(from, message))
      await mkdir(folder, { recursive: true })
      const file = join(folder, `${message.id}.eml`)
      await writeFile(`${file}.new`, content as Buffer, { mode: 0o600 })
      await rename(`${file}.new`, file)
      return { delivered: false, refused: [] }
    },
    close: async () => transport.close(),
  }
}
