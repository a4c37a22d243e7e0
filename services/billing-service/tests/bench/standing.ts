// What the product costs before it does anything: the time until it answers, and its memory when idle.
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type Bench, judged, type Result } from './measure.ts'

const root = process.cwd()
const port = 3_950

/** Resident memory of a process and all below it, shared pages counted once a process (Linux). */
function residentMb(pid: number): number {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
    } catch {
      // It ended meanwhile.
    }
  }
  const isBelow = (each: number): boolean =>
    each === pid || (parents.has(each) && each > 1 && isBelow(parents.get(each)!))
  let kilobytes = 0
  for (const each of parents.keys()) {
    if (!isBelow(each)) continue
    // The proportional share: pages that many processes map are not counted for each of them.
    const rollup = readFileSync(`/proc/${each}/smaps_rollup`, 'utf8')
    kilobytes += Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0)
  }
  return kilobytes / 1_024
}

async function start(dataDir: string): Promise<{ readySeconds: number; idleMb: number }> {
  const began = performance.now()
  const child = spawn(
    process.execPath,
    [
      'scripts/quittance.mjs',
      'start',
      '--port',
      `${port}`,
      '--billing-port',
      `${port + 1}`,
      '--data-dir',
      dataDir,
    ],
    { cwd: root, stdio: 'ignore' },
  )
  const ended = new Promise(resolve => child.once('close', resolve))
  try {
    for (;;) {
      const ready = await fetch(`http://127.0.0.1:${port}/readyz`).then(
        answer => answer.ok,
        () => false,
      )
      if (ready) break
      if (performance.now() - began > 120_000) throw new Error('it does not answer on /readyz')
      await wait(50)
    }
    const readySeconds = (performance.now() - began) / 1_000
    await wait(5_000)
    return { readySeconds, idleMb: process.platform === 'linux' ? residentMb(child.pid!) : 0 }
  } finally {
    child.kill('SIGTERM')
    await ended
  }
}

const standing = (name: 'startup' | 'memory', says: string): Bench => ({
  name,
  says,
  async run(tell): Promise<Result[]> {
    const folder = mkdtempSync(join(tmpdir(), 'quittance-bench-'))
    try {
      // The first start makes the database and the demo; those after it are what is measured.
      const first = await start(folder)
      tell(`first start ${first.readySeconds.toFixed(1)} s`)
      const all = []
      for (let n = 0; n < 3; n += 1) all.push(await start(folder))
      const ready = all.map(each => each.readySeconds)
      const idle = all.map(each => each.idleMb)
      return name === 'startup'
        ? [
            judged({ name: 'startup', unit: 's', must: 10, aim: 3, small: true }, ready),
            judged({ name: 'startup, first', unit: 's', must: 10, aim: 3, small: true }, [
              first.readySeconds,
            ]),
          ]
        : [judged({ name: 'memory, idle', unit: 'MB', must: 500, aim: 250, small: true }, idle)]
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
})

export const startup = standing('startup', 'npm start, built, until /readyz answers')
export const memory = standing('memory', 'the whole embedded stack, idle')
