// What a command is: its words on the command line, its help and its work. Not the list: see commands.ts.
import { type ParseArgsConfig, parseArgs } from 'node:util'

/** Exit codes: all went well, something stands in the way, the command line makes no sense. */
export const exitCodes = { ok: 0, problem: 1, usage: 2 } as const

export interface CommandOption {
  /** Long name without dashes. */
  readonly name: string
  /** What stands for its value in the help; without it the option is a switch. */
  readonly value?: string
  readonly says: string
  /** The setting that it overrides, if it is one. */
  readonly setting?: string
}

export interface Invocation {
  /** Words after the command that are no options. */
  readonly words: readonly string[]
  readonly text: (option: string) => string | undefined
  readonly on: (option: string) => boolean
  /** The process's settings, with those that options override. */
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Resolves with the exit code; throws `UsageProblem` or a problem with a sentence of its own. */
export type Run = (invocation: Invocation) => Promise<number>

export interface Command {
  readonly name: string
  readonly summary: string
  /** Words after the name, as shown in the help. */
  readonly words?: string
  readonly about?: string
  readonly options: readonly CommandOption[]
  readonly examples: readonly string[]
  /** Loaded when it runs, so that help costs nothing. */
  readonly load: () => Promise<Run>
}

/** The command line makes no sense; the message says why in one sentence. */
export class UsageProblem extends Error {
  override readonly name = 'UsageProblem'
}

/** A plain sentence for the person at the terminal: what stands in the way and what to do. */
export class Problem extends Error {
  override readonly name = 'Problem'
}

function parserOptions(command: Command) {
  const all = command.options.map(({ name, value }) => [
    name,
    { type: value === undefined ? ('boolean' as const) : ('string' as const) },
  ])
  return Object.fromEntries(all) as Record<string, { type: 'boolean' | 'string' }>
}

interface Parsed {
  readonly values: Readonly<Record<string, string | boolean | undefined>>
  readonly positionals: readonly string[]
}

function parsed(command: Command, args: readonly string[]): Parsed {
  try {
    const options: NonNullable<ParseArgsConfig['options']> = {
      ...parserOptions(command),
      help: { type: 'boolean' as const, short: 'h' },
    }
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    return { values: values as Parsed['values'], positionals }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const [sentence = ''] = error.message.split(/\. |\n/)
    throw new UsageProblem(`${sentence.replace(/\.$/, '')}.`)
  }
}

/** Reads a command's arguments; null asks for its help. Throws `UsageProblem`. */
export function readInvocation(
  command: Command,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Invocation | null {
  const { values, positionals } = parsed(command, args)
  if (values.help) return null
  if (command.words === undefined && positionals.length > 0) {
    throw new UsageProblem(`"quittance ${command.name}" does not take "${positionals[0]}".`)
  }
  const text = (name: string) => {
    const value = values[name]
    return typeof value === 'string' ? value : undefined
  }
  const overridden = command.options.flatMap(({ name, setting }) => {
    const value = text(name)
    return setting === undefined || value === undefined ? [] : [[setting, value] as const]
  })
  return {
    words: positionals,
    text,
    on: name => values[name] === true,
    env: { ...env, ...Object.fromEntries(overridden) },
  }
}

function twoColumns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2
  return rows.map(([left, right]) => `  ${left.padEnd(width)}${right}`).join('\n')
}

/** The help of one command. */
export function helpOf(command: Command): string {
  const words = command.words === undefined ? '' : ` ${command.words}`
  const options = command.options.map(
    ({ name, value, says, setting }) =>
      [
        `--${name}${value === undefined ? '' : ` ${value}`}`,
        setting === undefined ? says : `${says} (${setting})`,
      ] as const,
  )
  const parts = [
    `Usage: quittance ${command.name}${words}${command.options.length > 0 ? ' [options]' : ''}`,
    command.about ?? command.summary,
    twoColumns([...options, ['--help', 'this text']]),
    `Examples:\n${command.examples.map(example => `  ${example}`).join('\n')}`,
  ]
  return `${parts.join('\n\n')}\n`
}

/** The list of all commands. */
export function overview(commands: readonly Command[]): string {
  const rows = commands.map(({ name, summary }) => [name, summary] as const)
  return [
    'Quittance: payment and billing for multi-tenant platforms.',
    'Usage: quittance <command> [options]',
    twoColumns(rows),
    '"quittance <command> --help" explains one. Settings are environment variables, or lines of\na file .env in the current folder; .env.example lists them.\nExit codes: 0 all went well, 1 something stands in the way, 2 the command line makes no sense.',
  ]
    .join('\n\n')
    .concat('\n')
}
