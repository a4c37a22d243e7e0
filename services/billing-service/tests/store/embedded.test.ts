// The embedded server against real processes and real rights: who may use a directory, what survives a
// killed owner, and what an installation without scripts leaves out.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import {
  chooseDataDir,
  createDatabase,
  type EmbeddedServer,
  startEmbedded,
} from '../../src/adapters/postgres/embedded.ts'
import { findServerPackage, readyBinaries } from '../../src/adapters/postgres/server-binaries.ts'
import { identify } from '../../src/adapters/postgres/server-lock.ts'
import { withClient } from '../../src/adapters/postgres/server-process.ts'
import { serverUser } from '../../src/adapters/postgres/server-user.ts'
import { StartupProblem } from '../../src/ports/startup.ts'

const asRoot = process.getuid?.() === 0
const cleanups: (() => unknown)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

function folder(mode = 0o755): string {
  const made = mkdtempSync(join(tmpdir(), 'quittance-'))
  chmodSync(made, mode)
  cleanups.push(() => rmSync(made, { recursive: true, force: true }))
  return made
}

async function start(dataDir: string): Promise<EmbeddedServer> {
  const server = await startEmbedded({ dataDir, settings: { fsync: 'off' } })
  cleanups.push(() => server.stop())
  return server
}

let pattern: string | undefined

/** A data directory that was made and stopped before: a copy of the first one takes a tenth of making it. */
async function madeFolder(): Promise<string> {
  if (pattern === undefined) {
    pattern = mkdtempSync(join(tmpdir(), 'quittance-'))
    chmodSync(pattern, 0o755)
    await (await startEmbedded({ dataDir: pattern, settings: { fsync: 'off' } })).stop()
  }
  const dataDir = join(folder(), 'data')
  execFileSync('cp', ['-a', pattern, dataDir])
  return dataDir
}

afterAll(() => {
  if (pattern !== undefined) rmSync(pattern, { recursive: true, force: true })
})

async function problemOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    reason => reason,
  )
  expect(error).toBeInstanceOf(StartupProblem)
  return (error as StartupProblem).message
}

const one = (url: string, sql: string) =>
  withClient(url, async client => Object.values((await client.query(sql)).rows[0] ?? {})[0])

describe('a data directory', () => {
  test('keeps its rows over a restart, durably: fsync and checksums are on', async () => {
    const dataDir = folder()
    const first = await startEmbedded({ dataDir })
    cleanups.push(() => first.stop())
    await withClient(first.ownerUrl, client =>
      client.query('create table kept (n int); insert into kept values (7)'),
    )
    expect(await one(first.ownerUrl, 'show fsync')).toBe('on')
    expect(await one(first.ownerUrl, 'show data_checksums')).toBe('on')
    expect(await one(first.ownerUrl, 'show server_encoding')).toBe('UTF8')
    expect(statSync(join(dataDir, 'postgres.password')).mode & 0o777).toBe(0o600)
    await first.stop()
    expect(identify(first.pid)).toBeNull()
    const second = await start(dataDir)
    expect(await one(second.ownerUrl, 'select n from kept')).toBe(7)
  })

  test('has one owner: a second start is refused and names the first', async () => {
    const dataDir = await madeFolder()
    const server = await start(dataDir)
    expect(await problemOf(startEmbedded({ dataDir }))).toContain(`id ${process.pid}`)
    await server.stop()
    expect(existsSync(join(dataDir, 'quittance.lock'))).toBe(false)
  })

  test('is not held by a lock whose process id now belongs to a younger process', async () => {
    const dataDir = await madeFolder()
    writeFileSync(
      join(dataDir, 'quittance.lock'),
      JSON.stringify({ pid: process.pid, started: 'an earlier boot' }),
    )
    await start(dataDir)
  })

  test('of another major version is refused in one sentence', async () => {
    const dataDir = folder()
    mkdirSync(join(dataDir, 'postgres'), { mode: 0o700 })
    writeFileSync(join(dataDir, 'postgres/PG_VERSION'), '15\n')
    const message = await problemOf(startEmbedded({ dataDir }))
    expect(message).toContain('written by PostgreSQL 15, and this is PostgreSQL 18')
    expect(message.split('\n')).toHaveLength(1)
  })

  test('that is a file is refused in one sentence', async () => {
    const file = join(folder(), 'file')
    writeFileSync(file, '')
    expect(await problemOf(startEmbedded({ dataDir: file }))).toContain('cannot be written')
    expect(await problemOf(startEmbedded({ dataDir: join(file, 'in') }))).toContain('DATA_DIR')
  })

  test('whose first start was cut short is made anew', async () => {
    const dataDir = folder()
    mkdirSync(join(dataDir, 'postgres.new-0a1b2c3d/base'), { recursive: true })
    await start(dataDir)
    expect(existsSync(join(dataDir, 'postgres.new-0a1b2c3d'))).toBe(false)
  })
})

describe.skipIf(!asRoot)('as root', () => {
  test('the server runs as somebody else, in a directory of mode 0700 too', async () => {
    const dataDir = folder(0o700)
    const server = await start(dataDir)
    expect(statSync(`/proc/${server.pid}`).uid).toBe(serverUser()?.uid)
    expect(statSync(dataDir).mode & 0o007).toBe(0)
  })

  test('an explicit directory under a 0700 folder is one sentence, and nothing is made', async () => {
    const dataDir = join(folder(0o700), 'deep/data')
    const message = await problemOf(startEmbedded({ dataDir }))
    expect(message).toMatch(/runs as user \w+, who cannot enter .*DATA_DIR/)
    expect(message.split('\n')).toHaveLength(1)
    expect(existsSync(dataDir)).toBe(false)
  })

  test('the default directory of a checkout under a 0700 folder moves, and says so in one line', () => {
    const checkout = join(folder(0o700), 'checkout')
    const elsewhere = folder()
    const choice = chooseDataDir(undefined, join(checkout, '.data'), elsewhere)
    expect(choice.dataDir).toMatch(new RegExp(`^${elsewhere}/[0-9a-f]{12}$`))
    expect(choice.notice).toMatch(/cannot enter .*, so data is kept in /)
    const open = join(folder(), '.data')
    expect(chooseDataDir(undefined, open, elsewhere)).toEqual({ dataDir: open, notice: null })
    const given = join(checkout, 'mine')
    expect(chooseDataDir(given, open, elsewhere)).toEqual({ dataDir: given, notice: null })
  })

  test('programs under a 0700 folder are copied out once, whole', async () => {
    const { folder: installed, version } = findServerPackage()
    const source = { folder: join(folder(0o700), 'package'), version }
    cpSync(installed, source.folder, { recursive: true, verbatimSymlinks: true })
    const cacheDir = folder()
    const lines: string[] = []
    const options = {
      user: serverUser(),
      cacheDir,
      log: (line: string) => lines.push(line),
      source,
    }
    const copied = readyBinaries(options)
    expect(copied.postgres.startsWith(cacheDir)).toBe(true)
    expect(readyBinaries(options)).toEqual(copied)
    expect(lines).toHaveLength(1)
  })
})

describe('an installation without scripts', () => {
  test('gets its library links and execution bits', async () => {
    const { folder: installed, version } = findServerPackage()
    const source = { folder: join(folder(), 'package'), version }
    const links: { target: string }[] = JSON.parse(
      readFileSync(join(installed, 'native/pg-symlinks.json'), 'utf8'),
    )
    cpSync(installed, source.folder, {
      recursive: true,
      filter: path => !links.some(link => path.endsWith(link.target)),
    })
    for (const program of ['initdb', 'postgres']) {
      chmodSync(join(source.folder, 'native/bin', program), 0o644)
    }
    const options = { user: serverUser(), cacheDir: folder(), log: () => undefined, source }
    const { postgres } = readyBinaries(options)
    expect(postgres.startsWith(source.folder)).toBe(true)
    for (const { target } of links) {
      expect(lstatSync(join(source.folder, target)).isSymbolicLink()).toBe(true)
    }
    const said = await new Promise<string>((resolve, reject) => {
      const child = spawn(postgres, ['--version'])
      child.on('error', reject)
      child.stdout.on('data', chunk => resolve(String(chunk)))
    })
    expect(said).toContain('PostgreSQL) 18')
  })
})

const embeddedSource = fileURLToPath(
  new URL('../../src/adapters/postgres/embedded.ts', import.meta.url),
)

/** A separate process that starts the server on the directory and stays. */
async function ownerOf(dataDir: string): Promise<{ owner: ChildProcess; pid: number }> {
  const script = join(folder(), 'owner.cjs')
  await build({
    stdin: {
      contents: `import { startEmbedded } from ${JSON.stringify(embeddedSource)}
        startEmbedded({ dataDir: process.argv[2], settings: { fsync: 'off' } })
          .then(server => { console.log(server.pid); setInterval(() => {}, 1000) })`,
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['pg-native'],
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(embeddedSource).href) },
    outfile: script,
  })
  const owner = spawn(process.execPath, [script, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] })
  cleanups.push(() => owner.kill('SIGKILL'))
  const pid = await new Promise<number>(resolve =>
    owner.stdout.on('data', chunk => resolve(Number(chunk))),
  )
  return { owner, pid }
}

async function kill(owner: ChildProcess): Promise<void> {
  const gone = new Promise(resolve => owner.on('exit', resolve))
  owner.kill('SIGKILL')
  await gone
}

describe('a server whose owner was killed', () => {
  test('is taken over: the same process serves on, and is stopped by its new owner', async () => {
    const dataDir = await madeFolder()
    const { owner, pid } = await ownerOf(dataDir)
    expect(await problemOf(startEmbedded({ dataDir }))).toContain(`id ${owner.pid}`)
    await kill(owner)
    const server = await start(dataDir)
    expect(server.pid).toBe(pid)
    expect(await one(server.ownerUrl, 'select 1')).toBe(1)
    await server.stop()
    expect(identify(pid)).toBeNull()
  })

  test('is started anew when it had died too', async () => {
    const dataDir = await madeFolder()
    const { owner, pid } = await ownerOf(dataDir)
    await kill(owner)
    process.kill(pid, 'SIGKILL')
    const server = await start(dataDir)
    expect(server.pid).not.toBe(pid)
    expect(await one(server.ownerUrl, 'select 1')).toBe(1)
  })

  test('is stopped and started anew when another port is wanted', async () => {
    const dataDir = await madeFolder()
    const { owner, pid } = await ownerOf(dataDir)
    await kill(owner)
    const { port } = await start(await madeFolder())
    await expect(startEmbedded({ dataDir, port })).rejects.toThrow('does not start')
    expect(identify(pid)).toBeNull()
  })
})

test('a database is copied from a template with its rows', async () => {
  const server = await start(await madeFolder())
  await withClient(await createDatabase(server.ownerUrl, 'pattern'), client =>
    client.query('create table kept (n int); insert into kept values (3)'),
  )
  const copy = await createDatabase(server.ownerUrl, 'copy', 'pattern')
  expect(await one(copy, 'select n from kept')).toBe(3)
})
