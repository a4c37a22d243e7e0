// Mail over SMTP, or as .eml files in a folder while no server is configured.
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import type { Mailer, MailMessage } from '../../ports/mailer.ts'

const timeoutMs = 10_000

const envelope = (from: string, message: MailMessage) => ({
  from,
  to: [...message.to],
  subject: message.subject,
  text: message.text,
  ...(message.html === null ? {} : { html: message.html }),
  messageId: `<${message.id}@quittance>`,
  attachments: message.attachments.map(({ filename, contentType, content }) => ({
    filename,
    contentType,
    content: Buffer.from(content),
  })),
})

/** Delivers to an SMTP server, `smtp://user:password@host:port`. */
export function smtpMailer(url: string, from: string): Mailer {
  const transport = createTransport({
    url,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  })
  return {
    send: async message => {
      await transport.sendMail(envelope(from, message))
    },
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
    },
  }
}
