// The `quittance` command: finds the command, runs it, and turns what stands in the way into one sentence
// and an exit code.
import { existsSync } from 'node:fs'
import { exitCodes, helpOf, overview, readInvocation, UsageProblem } from './command.ts'
import { commands } from './commands.ts'
import { sentenceOf } from './problems.ts'
import { warn } from './terminal.ts'

async function run(args: readonly string[]): Promise<number> {
  const [first = 'help', ...rest] = args
  if (['help', '--help', '-h'].includes(first)) return help(rest[0])
  const name = ['--version', '-v'].includes(first) ? 'version' : first
  const command = commands.find(each => each.name === name)
  if (command === undefined) {
    throw new UsageProblem(`There is no command "${name}"; "quittance help" lists them.`)
  }
  const invocation = readInvocation(command, rest, process.env)
  if (invocation === null) return help(name)
  const work = await command.load()
  return await work(invocation)
}

function help(name: string | undefined): number {
  const command = commands.find(each => each.name === name)
  if (name !== undefined && name !== 'help' && command === undefined) {
    throw new UsageProblem(`There is no command "${name}"; "quittance help" lists them.`)
  }
  process.stdout.write(command === undefined ? overview(commands) : helpOf(command))
  return exitCodes.ok
}

/** Settings of a file .env; those of the environment win. */
function loadSettings(): void {
  if (existsSync('.env')) process.loadEnvFile('.env')
}

function report(error: unknown): number {
  const sentence = sentenceOf(error)
  if (sentence !== null) warn(sentence)
  else if (error instanceof Error) warn(error.stack ?? error.message)
  else warn(String(error))
  return error instanceof UsageProblem ? exitCodes.usage : exitCodes.problem
}

// A reader that goes away (`quittance help | head -1`) is no failure.
process.stdout.on('error', error => {
  if (!('code' in error) || error.code !== 'EPIPE') throw error
})

let code: number
try {
  loadSettings()
  code = await run(process.argv.slice(2))
} catch (error) {
  code = report(error)
}
process.exitCode = code
// Whatever a failed start left open must not keep the command from ending.
if (code !== exitCodes.ok) setTimeout(() => process.exit(code), 1_000).unref()
