// Lists the jobs, or runs one now until it finds no more work. Safe beside running instances: each job takes
// its work by claims.
import { jobs } from '@quittance/billing-service/jobs/registry'
import { runNow } from '@quittance/billing-service/jobs/schedule'
import { exitCodes, Problem, type Run, UsageProblem } from './command.ts'
import { withService } from './composed.ts'
import { say } from './terminal.ts'

function list(json: boolean): number {
  if (json) {
    say(JSON.stringify(jobs.map(({ name, says, at = null }) => ({ name, says, at }))))
    return exitCodes.ok
  }
  const width = Math.max(...jobs.map(({ name }) => name.length)) + 2
  for (const { name, says } of jobs) say(`${name.padEnd(width)}${says}`)
  return exitCodes.ok
}

export const runJobs: Run = async ({ words, on, env }) => {
  const [verb, name, ...rest] = words
  if (verb === undefined) return list(on('json'))
  if (verb !== 'run' || name === undefined || rest.length > 0) {
    throw new UsageProblem('Say "quittance jobs" or "quittance jobs run NAME".')
  }
  const job = jobs.find(each => each.name === name)
  if (job === undefined) {
    throw new Problem(`There is no job "${name}"; "quittance jobs" lists them.`)
  }
  const counts = await withService(env, ({ deps }) => runNow(deps, job))
  if (on('json')) {
    say(JSON.stringify({ job: name, counts }))
    return exitCodes.ok
  }
  say(
    `${name}: ${Object.entries(counts)
      .map(([key, count]) => `${count} ${key}`)
      .join(', ')}`,
  )
  return exitCodes.ok
}
