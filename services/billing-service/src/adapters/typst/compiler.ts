// The Typst compiler with our fonts: source and data in, PDF out. Synchronous and costly to start, so it
// is made once and lives where it cannot hold up requests.
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { type NodeCompiler, NodeCompiler as Typst } from '@myriaddreamin/typst-ts-node-compiler'
import { qrGrid, qrSvg } from '../../documents/qr-code.ts'

export interface CompileJob {
  readonly source: string
  /** Reaches the template as `sys.inputs`; text, never code. */
  readonly inputs: Readonly<Record<string, string>>
  /** Files the template may read, by absolute name. */
  readonly files: Readonly<Record<string, Uint8Array>>
  /** A link that the template shows as a QR code, drawn here because it takes milliseconds. */
  readonly codeText: string | null
  readonly createdAtSeconds: number
}

/** Results of earlier documents are dropped after this many further ones. */
const keptCompilations = 4

/** A root without files: a template can read nothing but what a job brings along. */
const emptyRoot = resolve('/quittance-documents')

/** Regular and SemiBold of Noto Sans SC: Latin, Greek, Cyrillic, kana and all Chinese characters in use. */
function fontFolders(): string[] {
  const require = createRequire(import.meta.url)
  const root = '@expo-google-fonts/noto-sans-sc'
  return [
    `${root}/400Regular/NotoSansSC_400Regular.ttf`,
    `${root}/600SemiBold/NotoSansSC_600SemiBold.ttf`,
  ].map(file => dirname(require.resolve(file)))
}

/**
 * Opens the compiler for foreign source: tagged by PDF/UA where the template allows it, else plainly, and with
 * no second try in a simpler form.
 */
export function openForeignCompiler(): (job: CompileJob) => Uint8Array {
  return opened((typst, document, creationTimestamp) => {
    try {
      return typst.pdf(document, { pdfStandard: 'ua-1', creationTimestamp })
    } catch {
      return typst.pdf(document, { creationTimestamp })
    }
  })
}

type Make = (typst: NodeCompiler, document: Source, creationTimestamp: number) => Uint8Array

interface Source {
  readonly mainFileContent: string
  readonly inputs: Record<string, string>
}

function opened(make: Make): (job: CompileJob) => Uint8Array {
  const typst = Typst.create({ workspace: emptyRoot, fontArgs: [{ fontPaths: fontFolders() }] })
  return job => {
    for (const [name, bytes] of Object.entries(job.files)) {
      typst.mapShadow(join(emptyRoot, name), Buffer.from(bytes))
    }
    const inputs = { ...job.inputs, ...codeOf(job) }
    try {
      return make(typst, { mainFileContent: job.source, inputs }, job.createdAtSeconds)
    } catch (error) {
      throw new Error(`template failed: ${reasonOf(error)}`)
    }
  }
}

function codeOf({ codeText }: CompileJob): { code?: string } {
  const grid = codeText === null ? null : qrGrid(codeText)
  return grid === null ? {} : { code: qrSvg(grid) }
}

/** Opens the compiler: about 30 ms, and 25 MB of fonts mapped on first use. */
export function openCompiler(): (job: CompileJob) => Uint8Array {
  const typst = Typst.create({ workspace: emptyRoot, fontArgs: [{ fontPaths: fontFolders() }] })
  return job => {
    for (const [name, bytes] of Object.entries(job.files)) {
      typst.mapShadow(join(emptyRoot, name), Buffer.from(bytes))
    }
    try {
      return compile(typst, job)
    } finally {
      typst.resetShadow()
      typst.evictCache(keptCompilations)
    }
  }
}

function compile(typst: NodeCompiler, job: CompileJob): Uint8Array {
  const inputs = { ...job.inputs, ...codeOf(job) }
  const document = { mainFileContent: job.source, inputs }
  const creationTimestamp = job.createdAtSeconds
  try {
    // Straight to bytes: a compiled document held by JavaScript would keep megabytes of native memory
    // until the collector, which sees only a small handle, comes by.
    return typst.pdf(document, { pdfStandard: 'ua-1', creationTimestamp })
  } catch (error) {
    const reason = reasonOf(error)
    // PDF/UA forbids characters that no font can show. A name in a script without a font must not make
    // a document impossible: it is then written as a plain tagged PDF.
    if (reason.includes('could not be displayed')) return typst.pdf(document, { creationTimestamp })
    const { logo, ...plain } = job.inputs
    // Nor must a broken picture: the issuer's name stands in its place.
    if (logo !== undefined) return compile(typst, { ...job, inputs: plain })
    throw new Error(`template failed: ${reason}`)
  }
}

/** The native compiler puts its diagnostics now into the message, now into the code of an error. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return `${error.message} ${'code' in error ? error.code : ''}`.trim()
}
