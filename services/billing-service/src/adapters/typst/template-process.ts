// Lays out foreign templates, each in a process of its own: a loop in native code cannot be stopped inside ours.
// The process has no environment, an empty folder, nobody to reach, 5 seconds and 512 MB.
import { type ChildProcess, execFile, fork } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { CompileJob } from './compiler.ts'
import type { ChildReply } from './template-child.ts'

export type TemplateResult = { readonly pdf: Uint8Array } | { readonly failure: string }

export interface TemplateLimits {
  readonly timeMs: number
  readonly memoryBytes: number
}

const usualLimits: TemplateLimits = { timeMs: 5_000, memoryBytes: 512 * 1024 * 1024 }
/** Starting is ours to answer for, not the template's; a busy machine takes its time. */
const startMaxMs = 30_000
const lookEveryMs = 50
const atOnceMax = 2
const waitingMax = 50

/** A way out that leads nowhere, should the compiler ever ask for a package. */
const nowhere = 'http://127.0.0.1:9'

const environmentIn = (folder: string): NodeJS.ProcessEnv => ({
  HOME: folder,
  XDG_CACHE_HOME: folder,
  XDG_DATA_HOME: folder,
  HTTP_PROXY: nowhere,
  HTTPS_PROXY: nowhere,
  ALL_PROXY: nowhere,
  ...(process.env.SYSTEMROOT === undefined ? {} : { SYSTEMROOT: process.env.SYSTEMROOT }),
})

/** Compiles one job after another, two at a time; never throws for the template's sake. */
export function openTemplateProcess(
  entry: URL,
  limits: TemplateLimits = usualLimits,
): (job: CompileJob) => Promise<TemplateResult> {
  let running = 0
  const waiting: (() => void)[] = []
  const turn = async (): Promise<void> => {
    if (running >= atOnceMax) await new Promise<void>(resolve => waiting.push(resolve))
    running += 1
  }
  return async job => {
    if (waiting.length >= waitingMax) return { failure: 'too many templates wait already' }
    await turn()
    try {
      return await compileApart(entry, limits, job)
    } finally {
      running -= 1
      waiting.shift()?.()
    }
  }
}

async function compileApart(
  entry: URL,
  limits: TemplateLimits,
  job: CompileJob,
): Promise<TemplateResult> {
  const folder = await mkdtemp(join(tmpdir(), 'quittance-template-'))
  const child = fork(fileURLToPath(entry), [], {
    cwd: folder,
    env: environmentIn(folder),
    execArgv: ['--max-old-space-size=128'],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  try {
    return await resultOf(child, limits, job)
  } finally {
    child.kill('SIGKILL')
    await rm(folder, { recursive: true, force: true })
  }
}

function resultOf(
  child: ChildProcess,
  limits: TemplateLimits,
  job: CompileJob,
): Promise<TemplateResult> {
  return new Promise(resolve => {
    const fail = (failure: string) => settle({ failure })
    let clock = setTimeout(() => fail('the layout process did not start'), startMaxMs)
    const look = setInterval(() => {
      memoryOf(child).then(
        bytes => bytes > limits.memoryBytes && fail(`needs more than ${mb(limits.memoryBytes)}`),
        () => undefined,
      )
    }, lookEveryMs)
    const settle = (result: TemplateResult) => {
      clearTimeout(clock)
      clearInterval(look)
      resolve(result)
    }
    child.on('error', error => fail(error.message))
    child.on('exit', () => fail('the layout process ended early'))
    child.on('message', (reply: ChildReply) => {
      if (!('ready' in reply)) return settle(reply)
      clearTimeout(clock)
      clock = setTimeout(() => fail(`takes more than ${limits.timeMs / 1000} s`), limits.timeMs)
      child.send(job)
    })
  })
}

const mb = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MB`

const run = promisify(execFile)
const pageBytes = 4096

/** Resident memory of the process: from /proc, else from `ps`; where there is neither, time alone bounds it. */
async function memoryOf({ pid }: ChildProcess): Promise<number> {
  if (pid === undefined) return 0
  if (process.platform === 'linux') {
    const statm = await readFile(`/proc/${pid}/statm`, 'utf8')
    return Number(statm.split(' ')[1]) * pageBytes
  }
  if (process.platform === 'win32') return 0
  const { stdout } = await run('ps', ['-o', 'rss=', '-p', String(pid)])
  return Number(stdout.trim()) * 1024
}
