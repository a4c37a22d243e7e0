// `npm run conformance`: drives the sandbox with the official SDK through everything that the Stripe adapter and
// its tests rely on, and ends with counts. `-- --checker FILE` sends all traffic through an outside checker too.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = 'services/billing-service/tests/conformance'
const timeoutMs = 175_000

const help = `Usage: npm run conformance [-- --checker FILE]

  --checker FILE  a node script that is started as
                    node FILE --target URL --listen PORT --log FILE.jsonl
                              --hook-listen PORT --hook-forward URL --whsec SECRET
                  passes requests and webhooks on and writes a line for each; CONFORMANCE_CHECKER names it too
  --help          this text

Exit code 1 on any violation.`

function readArguments() {
  try {
    const options = { checker: { type: 'string' }, help: { type: 'boolean', default: false } }
    return parseArgs({ options }).values
  } catch (failure) {
    process.stderr.write(`${failure.message}\n\n${help}\n`)
    process.exit(1)
  }
}

const values = readArguments()
if (values.help) {
  console.log(help)
  process.exit(0)
}
const named = values.checker ?? process.env.CONFORMANCE_CHECKER ?? ''
const checker = named === '' ? '' : resolve(named)
if (checker !== '' && !existsSync(checker)) {
  process.stderr.write(`There is no checker ${checker}.\n`)
  process.exit(1)
}
console.log(
  checker === ''
    ? "conformance without a checker: answers are held to the project's own cases and the SDK's types"
    : `conformance with the checker ${checker}`,
)

const vitest = join(
  dirname(createRequire(import.meta.url).resolve('vitest/package.json')),
  'vitest.mjs',
)
const reporter = `./${folder}/reporter.ts`
// A process group of its own: what is still running can be ended as a whole.
const child = spawn(
  process.execPath,
  [vitest, 'run', '--project', 'conformance', `--reporter=${reporter}`],
  {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      CONFORMANCE_CHECKER: checker,
      CONFORMANCE_LOGS: mkdtempSync(join(tmpdir(), 'conformance-')),
    },
  },
)

function endGroup() {
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // Nothing of it runs any more.
  }
}

const timer = setTimeout(() => {
  console.log(`conformance: not done after ${timeoutMs / 1_000} s`)
  endGroup()
}, timeoutMs)
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, endGroup)
child.once('exit', status => {
  clearTimeout(timer)
  endGroup()
  process.exitCode = status === 0 ? 0 : 1
})
