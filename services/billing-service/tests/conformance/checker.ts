// Runs an outside checker: a recording proxy for requests, answers and webhooks that writes one JSON
// line for each of them: {dir: "request" | "response" | "webhook", what, errs: [{at, msg, sev}]}.
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readSync } from 'node:fs'
import { connect } from 'node:net'
import { freePort } from '@quittance/http-kit/free-port'

export interface Checked {
  request: number
  response: number
  webhook: number
  /** Remarks that break no rule. */
  notes: number
}

export interface Checker {
  readonly port: number
  readonly hookPort: number
  /** Waits until so many answers and webhooks are in its log, then tells the violations since. */
  takeProblems(answers: number, webhooks: number): Promise<string[]>
  counts(): Checked
  /** Ends it; its own closing line. */
  close(): Promise<string>
}

interface Line {
  readonly dir: 'request' | 'response' | 'webhook'
  readonly what: string
  readonly errs: readonly { at: string; msg: string; sev: string }[]
}

const patienceMs = 10_000
const pollMs = 5

const answersAt = (port: number) =>
  new Promise<boolean>(resolve => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })

async function until(holds: () => boolean | Promise<boolean>, failure: () => string) {
  const deadline = Date.now() + patienceMs
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(failure())
    await new Promise(resolve => setTimeout(resolve, pollMs))
  }
}

/** Reads on in the log from where it stopped; a last line that is still growing waits. */
function readerOf(file: string) {
  const counts: Checked = { request: 0, response: 0, webhook: 0, notes: 0 }
  const problems: string[] = []
  const chunk = Buffer.alloc(1_048_576)
  let position = 0
  let rest: Buffer = Buffer.alloc(0)

  function take(text: string): void {
    const line = JSON.parse(text) as Line
    counts[line.dir] += 1
    for (const { at, msg, sev } of line.errs) {
      if (sev === 'error') problems.push(`${line.dir} ${line.what}: ${at}: ${msg}`)
      else counts.notes += 1
    }
  }

  function refresh(): void {
    if (!existsSync(file)) return
    const log = openSync(file, 'r')
    let size = readSync(log, chunk, 0, chunk.length, position)
    for (; size > 0; size = readSync(log, chunk, 0, chunk.length, position)) {
      position += size
      rest = Buffer.concat([rest, chunk.subarray(0, size)])
    }
    closeSync(log)
    const end = rest.lastIndexOf(0x0a)
    if (end < 0) return
    for (const text of rest.subarray(0, end).toString('utf8').split('\n')) take(text)
    rest = rest.subarray(end + 1)
  }

  return { counts, problems, refresh }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const over = new Promise(resolve => child.once('exit', resolve))
  child.kill('SIGTERM')
  await over
}

interface CheckerOptions {
  readonly file: string
  readonly log: string
  readonly target: string
  readonly hookPort: number
  readonly hookForward: string
  readonly secret: string
}

/** Starts the checker of `file` before the server at `target`. */
export async function startChecker(options: CheckerOptions): Promise<Checker> {
  const { file, log, target, hookPort, hookForward, secret } = options
  const port = await freePort()
  const child = spawn(
    process.execPath,
    [
      ...[file, '--target', target, '--listen', String(port), '--log', log],
      ...['--hook-listen', String(hookPort), '--hook-forward', hookForward, '--whsec', secret],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', chunk => {
      said = `${said}${String(chunk)}`.slice(-4_000)
    })
  }
  const isUp = async () => (await answersAt(port)) && (await answersAt(hookPort))
  const hasEnded = () => child.exitCode !== null
  await until(
    async () => hasEnded() || (await isUp()),
    () => `the checker does not listen:\n${said}`,
  )
  if (hasEnded()) throw new Error(`the checker has ended:\n${said}`)
  const reader = readerOf(log)
  return {
    port,
    hookPort,
    counts: () => ({ ...reader.counts }),
    async takeProblems(answers, webhooks) {
      const complete = () => {
        reader.refresh()
        return reader.counts.response >= answers && reader.counts.webhook >= webhooks
      }
      await until(complete, () => `the checker's log is incomplete:\n${said}`)
      return reader.problems.splice(0)
    },
    async close() {
      await ended(child)
      reader.refresh()
      return said.trimEnd().split('\n').at(-1) ?? ''
    },
  }
}
