// Runs a sandbox by itself, from the command line. It parses arguments and prints addresses.

import { parseArgs } from 'node:util'
import { startSandbox } from './server.ts'

const help = `Usage: sandbox [--port N] [--data-dir D]

  --port N        port to listen on, 12111 unless given; 0 takes a free one
  --data-dir D    folder that keeps the state; without it everything is forgotten at the end
  --help          this text`

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

function parsedPort(value: string): number {
  const port = Number(value)
  if (/^\d{1,5}$/.test(value) && port <= 65_535) return port
  throw new Error(`--port takes a number from 0 to 65535, not "${value}"`)
}

/**
 * Starts a sandbox from command-line arguments and prints how to reach it. Runs until SIGINT or
 * SIGTERM, then closes in order. Throws on arguments it does not know.
 */
export async function runSandbox(argv: string[]): Promise<void> {
  const { values } = parseArgs({
    args: argv,
    options: {
      port: { type: 'string', default: '12111' },
      'data-dir': { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    print(help)
    return
  }
  const port = parsedPort(values.port)
  const sandbox = await startSandbox({ port, dataDir: values['data-dir'] ?? null })
  print(`Stripe sandbox   ${sandbox.url}`)
  print(`secret key       ${sandbox.secretKey}`)
  print(`publishable key  ${sandbox.publishableKey}`)
  print(`new Stripe('${sandbox.secretKey}', `)
  print(`  { protocol: 'http', host: '127.0.0.1', port: ${sandbox.port} })`)
  const stop = new Promise<void>(resolve => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
  await stop
  await sandbox.close()
}
