// Starts the whole product the way its users do, in a child process with a data directory and ports of its
// own, and ends it the way machines do. For tests; nothing here knows what the product answers.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '@quittance/http-kit/free-port'

const script = fileURLToPath(new URL('../../scripts/quittance.mjs', import.meta.url))

/** A folder that every user can enter, because a root's database runs as another user. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'quittance-stack-'))
  chmodSync(folder, 0o755)
  return folder
}

/** Only what a program needs, so that nobody's own settings reach the product. */
function cleanEnvironment(settings: Readonly<Record<string, string>>): Record<string, string> {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'USER'].flatMap(name => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return { ...Object.fromEntries(kept), ...settings }
}

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

interface Launched {
  readonly child: ChildProcess
  readonly stdout: () => string
  readonly finished: Promise<Finished>
}

function launch(
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
  cwd: string,
): Launched {
  const child = spawn(process.execPath, [script, ...args], {
    cwd,
    env: cleanEnvironment(settings),
    // A process group of its own, as a shell gives it: signals reach it and nobody else.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', chunk => (stdout += chunk))
  child.stderr?.on('data', chunk => (stderr += chunk))
  const finished = new Promise<Finished>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', code => resolve({ code, stdout, stderr }))
  })
  return { child, stdout: () => stdout, finished }
}

/** Runs a command of the product to its end. */
export async function quittance(
  args: readonly string[],
  settings: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  return await launch(args, settings, tmpdir()).finished
}

/** One process of the product, such as a worker. */
export interface Process {
  running(): boolean
  /** Sends a signal to its process group and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<Finished>
}

/** Starts a command of the product that stays, and waits until it says so. Throws what it said when it ends instead. */
export async function startProcess(
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
  says: string,
): Promise<Process> {
  const { child, stdout, finished } = launch(args, settings, tmpdir())
  const pid = child.pid ?? 0
  let end: Finished | undefined
  void finished.then(value => (end = value))
  const ready = await until(() => end !== undefined || stdout().includes(says), 60_000)
  if (end !== undefined) throw new Error(`It ended with ${end.code}: ${end.stderr}${end.stdout}`)
  if (!ready) {
    process.kill(-pid, 'SIGKILL')
    throw new Error(`It did not say "${says}" in time: ${stdout()}`)
  }
  return {
    running: () => end === undefined,
    async stop(signal = 'SIGTERM') {
      if (end === undefined) process.kill(-pid, signal)
      return finished
    },
  }
}

export interface Product {
  readonly url: string
  readonly billingUrl: string
  readonly pid: number
  readonly banner: string
  /** Settings that reach the same product from other commands. */
  readonly settings: Readonly<Record<string, string>>
  /** Sends a signal to its process group and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<Finished & { readonly ms: number }>
  /** Ends every process of it at once, the database's too, as a power cut would. */
  kill(): Promise<void>
}

/** Processes that name the folder in their command line. */
export function processesNaming(folder: string): number[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' }).split('\n')
  return lines
    .filter(line => line.includes(folder) && !line.includes('ps -eo'))
    .map(line => Number.parseInt(line, 10))
}

/** Whether a process of the group is left. */
export function groupExists(pid: number): boolean {
  try {
    return process.kill(-pid, 0)
  } catch {
    return false
  }
}

/** Waits until a condition holds, looking every 20 ms. */
async function until(holds: () => boolean, timeoutMs: number): Promise<boolean> {
  const end = performance.now() + timeoutMs
  while (!holds()) {
    if (performance.now() > end) return false
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  return true
}

export interface StartOptions {
  readonly dataDir: string
  readonly settings?: Readonly<Record<string, string>>
  /** Time for building, first start and history. */
  readonly timeoutMs?: number
}

/** Starts the product and waits until it says that it is ready. Throws what it said when it ends instead. */
export async function startProduct(options: StartOptions): Promise<Product> {
  const gatewayPort = await freePort()
  const billingPort = await freePort()
  const settings = {
    GATEWAY_PORT: String(gatewayPort),
    BILLING_PORT: String(billingPort),
    DATA_DIR: options.dataDir,
    ...options.settings,
  }
  const { child, stdout, finished } = launch(['start'], settings, tmpdir())
  let end: Finished | undefined
  void finished.then(value => (end = value))
  const ready = await until(
    () => end !== undefined || stdout().includes('Ctrl-C stops everything.'),
    options.timeoutMs ?? 90_000,
  )
  const pid = child.pid ?? 0
  if (end !== undefined) throw new Error(`It ended with ${end.code}: ${end.stderr}${end.stdout}`)
  if (!ready) {
    process.kill(-pid, 'SIGKILL')
    throw new Error(`It was not ready in time: ${stdout()}`)
  }
  return {
    url: `http://127.0.0.1:${gatewayPort}`,
    billingUrl: `http://127.0.0.1:${billingPort}`,
    pid,
    banner: stdout(),
    settings,
    async stop(signal = 'SIGTERM') {
      const began = performance.now()
      process.kill(-pid, signal)
      const result = await finished
      return { ...result, ms: performance.now() - began }
    },
    async kill() {
      process.kill(-pid, 'SIGKILL')
      for (const other of processesNaming(options.dataDir)) process.kill(other, 'SIGKILL')
      await finished
      await until(() => processesNaming(options.dataDir).length === 0, 10_000)
    },
  }
}

/** Ends what a failed test left running and removes its folder. */
export function discard(folder: string, products: readonly Product[]): void {
  for (const { pid } of products) if (groupExists(pid)) process.kill(-pid, 'SIGKILL')
  for (const pid of processesNaming(folder)) process.kill(pid, 'SIGKILL')
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}
