import { describe, expect, it } from 'vitest'
import { type Command, helpOf, overview, readInvocation, UsageProblem } from './command.ts'
import { commands } from './commands.ts'

const named = (name: string): Command => commands.find(each => each.name === name)!

describe('command lines', () => {
  it('reads --port 8080 of start as GATEWAY_PORT, over the environment', () => {
    const env = { GATEWAY_PORT: '3000', JWT_ISSUER: 'me' }
    const invocation = readInvocation(named('start'), ['--port', '8080'], env)
    expect(invocation?.env).toEqual({ GATEWAY_PORT: '8080', JWT_ISSUER: 'me' })
    expect(invocation?.text('port')).toBe('8080')
    expect(invocation?.text('billing-port')).toBeUndefined()
  })

  it('names the option that it does not know, and the one without its value', () => {
    expect(() => readInvocation(named('start'), ['--prot', '8080'], {})).toThrow(UsageProblem)
    expect(() => readInvocation(named('start'), ['--prot', '8080'], {})).toThrow(/--prot/)
    expect(() => readInvocation(named('start'), ['--port'], {})).toThrow(/--port/)
  })

  it('takes words only where the command has a use for them', () => {
    const invocation = readInvocation(named('jobs'), ['run', 'renew-due'], {})
    expect(invocation?.words).toEqual(['run', 'renew-due'])
    expect(() => readInvocation(named('start'), ['now'], {})).toThrow('does not take "now"')
  })

  it('answers --help and -h with the help of the command', () => {
    expect(readInvocation(named('walk'), ['--help'], {})).toBeNull()
    expect(readInvocation(named('walk'), ['-h'], {})).toBeNull()
  })
})

describe('help', () => {
  it('has a summary and an example for each of the 27 commands', () => {
    expect(commands).toHaveLength(27)
    for (const command of commands) {
      const help = helpOf(command)
      expect(help).toContain(`Usage: quittance ${command.name}`)
      expect(help).toContain('Examples:\n  ')
      expect(command.summary.length).toBeLessThan(90)
      for (const { name, setting } of command.options) {
        expect(help).toContain(`--${name}`)
        if (setting !== undefined) expect(help).toContain(`(${setting})`)
      }
    }
  })

  it('offers --json for every command that ends by itself with a result', () => {
    const without = commands.filter(({ options }) => !options.some(({ name }) => name === 'json'))
    const names = ['start', 'serve', 'worker', 'gateway', 'sandbox', 'walk']
    expect(without.map(({ name }) => name)).toEqual(names)
  })

  it('lists every command once, within 100 columns', () => {
    const text = overview(commands)
    for (const { name } of commands) expect(text).toMatch(new RegExp(`^  ${name} `, 'm'))
    for (const line of [text, ...commands.map(helpOf)].join('').split('\n')) {
      expect(line.length, line).toBeLessThanOrEqual(100)
    }
  })
})
