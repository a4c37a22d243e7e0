// Compiles documents one after another, in a thread of its own or in this one. A thread keeps long
// documents from holding up requests; in-process serves tests and small tools.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { refuse } from '../../core/refusal.ts'
import { type CompileJob, openCompiler } from './compiler.ts'

/** Where to compile. `entry` is the built file of `worker.ts`. */
export type CompileMode =
  | { readonly run: 'in-process' }
  | { readonly run: 'thread'; readonly entry: URL }

export interface Compilation {
  readonly compile: (job: CompileJob) => Promise<Uint8Array>
  readonly close: () => Promise<void>
}

export interface WorkerRequest {
  readonly id: number
  readonly job: CompileJob
}

export type WorkerReply =
  | { readonly id: number; readonly pdf: Uint8Array }
  | { readonly id: number; readonly failure: string }

/** Documents that may wait for the one compiler before further ones are refused. */
const waitingMax = 500

/** A document that takes this long is given up; the thread is replaced, since it may never come back. */
const answerTimeoutMs = 60_000

/** Opens nothing yet: fonts and thread come with the first document. */
export function openCompilation(mode: CompileMode): Compilation {
  return mode.run === 'thread' ? inThread(mode.entry) : inProcess()
}

function inProcess(): Compilation {
  let compiler: ReturnType<typeof openCompiler> | null = null
  return {
    compile: async job => {
      // Native memory of earlier documents is freed between turns of the loop, and only there.
      await nextTurn()
      compiler ??= openCompiler()
      return compiler(job)
    },
    close: async () => {
      compiler = null
    },
  }
}

interface Waiting {
  readonly answer: (pdf: Uint8Array) => void
  readonly fail: (error: unknown) => void
  readonly timer: NodeJS.Timeout
}

/** Not `refuse`: these settle promises of callers who are not on the stack. */
const gone = (message: string): Error => new Error(`document renderer: ${message}`)

function inThread(entry: URL): Compilation {
  const waiting = new Map<number, Waiting>()
  let worker: Worker | null = null
  let lastId = 0

  const settle = (id: number, how: (one: Waiting) => void): void => {
    const one = waiting.get(id)
    if (!one) return
    waiting.delete(id)
    clearTimeout(one.timer)
    if (waiting.size === 0) worker?.unref()
    how(one)
  }
  const drop = (lost: Worker, reason: string): void => {
    if (worker !== lost) return
    worker = null
    for (const id of [...waiting.keys()]) settle(id, one => one.fail(gone(reason)))
  }
  const start = (): Worker => {
    const started = new Worker(entry)
    started.on('message', (reply: WorkerReply) =>
      settle(reply.id, one =>
        'pdf' in reply ? one.answer(reply.pdf) : one.fail(gone(reply.failure)),
      ),
    )
    started.on('error', error => drop(started, error.message))
    started.on('exit', code => drop(started, `thread ended with ${code}`))
    return started
  }
  const giveUp = (): void => {
    const stuck = worker
    if (!stuck) return
    drop(stuck, `no answer in ${answerTimeoutMs} ms`)
    stuck.unref()
    stuck.terminate().catch(() => {})
  }

  return {
    compile: async job => {
      if (waiting.size >= waitingMax) refuse('unavailable', { waiting: waiting.size })
      worker ??= start()
      worker.ref()
      lastId += 1
      const request: WorkerRequest = { id: lastId, job }
      return new Promise((answer, fail) => {
        const timer = setTimeout(giveUp, answerTimeoutMs)
        waiting.set(request.id, { answer, fail, timer })
        worker?.postMessage(request)
      })
    },
    close: async () => {
      const closing = worker
      if (!closing) return
      drop(closing, 'closed')
      await closing.terminate()
    },
  }
}
