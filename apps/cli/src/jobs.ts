// Lists the jobs, or runs one now until it finds no more work. Safe beside running instances: each job takes
// its work by claims.
import { jobs } from '@quittance/billing-service/jobs/registry'
import { exitCodes, Problem, type Run, UsageProblem } from './command.ts'
import { withService } from './composed.ts'
import { say } from './terminal.ts'

/** A job that always finds work would never end; the running instances do the rest. */
const roundsMax = 1_000

function list(): number {
  const width = Math.max(...jobs.map(({ name }) => name.length)) + 2
  for (const { name, says } of jobs) say(`${name.padEnd(width)}${says}`)
  return exitCodes.ok
}

export const runJobs: Run = async ({ words, env }) => {
  const [verb, name, ...rest] = words
  if (verb === undefined) return list()
  if (verb !== 'run' || name === undefined || rest.length > 0) {
    throw new UsageProblem('Say "quittance jobs" or "quittance jobs run NAME".')
  }
  const job = jobs.find(each => each.name === name)
  if (job === undefined) {
    throw new Problem(`There is no job "${name}"; "quittance jobs" lists them.`)
  }
  const counts = await withService(env, async ({ deps }) => {
    const sums: Record<string, number> = {}
    for (let round = 0; round < roundsMax; round += 1) {
      const found = await job.run(deps)
      for (const [key, count] of Object.entries(found)) sums[key] = (sums[key] ?? 0) + count
      if (found.taken === 0) break
    }
    return sums
  })
  say(
    `${name}: ${Object.entries(counts)
      .map(([key, count]) => `${count} ${key}`)
      .join(', ')}`,
  )
  return exitCodes.ok
}
