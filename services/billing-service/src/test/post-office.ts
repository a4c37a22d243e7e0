// A real SMTP server for tests: keeps every message parsed, and refuses or fails when told to.
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server'

export interface PostOffice {
  readonly url: string
  /** What arrived, oldest first. */
  readonly letters: readonly ParsedMail[]
  /** Answers this code to this recipient from now on; null accepts again. */
  refuse(address: string, code: number | null): void
  /** Answers this code to every message; null accepts again. */
  fail(code: number | null): void
  close(): Promise<void>
}

const failure = (code: number, message: string): Error =>
  Object.assign(new Error(message), { responseCode: code })

async function bytesOf(stream: SMTPServerDataStream): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** Opens it on a free port of loopback. */
export async function openPostOffice(): Promise<PostOffice> {
  const letters: ParsedMail[] = []
  const refused = new Map<string, number>()
  let failing: number | null = null
  const receive = async (stream: SMTPServerDataStream, _session: SMTPServerSession) => {
    const bytes = await bytesOf(stream)
    if (failing !== null) throw failure(failing, 'not now')
    letters.push(await simpleParser(bytes))
  }
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: ({ address }, _session, done) => {
      const code = refused.get(address)
      done(code === undefined ? undefined : failure(code, 'mailbox unavailable'))
    },
    onData: (stream, session, done) => {
      receive(stream, session).then(() => done(), done)
    },
  })
  const listening = server.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  const { port } = listening.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    letters,
    refuse: (address, code) => {
      if (code === null) refused.delete(address)
      else refused.set(address, code)
    },
    fail: code => {
      failing = code
    },
    close: () => new Promise(resolve => server.close(() => resolve())),
  }
}
