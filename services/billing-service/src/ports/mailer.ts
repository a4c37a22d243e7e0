// Hands a finished message over for delivery.
export interface MailMessage {
  readonly id: string
  readonly to: readonly string[]
  readonly subject: string
  readonly text: string
  readonly html: string | null
  readonly attachments: readonly {
    readonly filename: string
    readonly contentType: string
    readonly content: Uint8Array
  }[]
}

export interface Mailer {
  send(message: MailMessage): Promise<void>
}
