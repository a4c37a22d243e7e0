// Hands a finished message over for delivery.
export interface MailMessage {
  /** Kept over all tries of one mail, so that a reader's program knows a repetition. */
  readonly id: string
  readonly to: readonly string[]
  readonly replyTo: string | null
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly language: string
  readonly attachments: readonly MailAttachment[]
}

export interface MailAttachment {
  readonly filename: string
  readonly contentType: string
  readonly content: Uint8Array
}

export interface RefusedRecipient {
  readonly address: string
  /** What the server said, on one line. */
  readonly reply: string
  /** For good; otherwise another try may succeed. */
  readonly permanent: boolean
}

/** Recipients that are not named here were accepted. */
export interface MailReceipt {
  /** Whether a server took it; false while mails are only kept as files. */
  readonly delivered: boolean
  readonly refused: readonly RefusedRecipient[]
}

export interface Mailer {
  /** Throws when nothing can be said of the recipients: no answer, no connection, no sign-in. */
  send(message: MailMessage): Promise<MailReceipt>
  /** Ends idle connections. */
  close(): Promise<void>
}
