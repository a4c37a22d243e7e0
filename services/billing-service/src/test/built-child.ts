// The child that lays out templates, built for a test as the builder does it: a process starts from a file.
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const root = resolve(import.meta.dirname, '../../../..')

/** Builds it beside what it imports, and answers its file. */
export async function builtTemplateChild(): Promise<URL> {
  const outdir = join(root, 'node_modules/.cache/quittance-tests')
  mkdirSync(outdir, { recursive: true })
  const outfile = join(outdir, `template-child-${process.pid}.mjs`)
  await build({
    entryPoints: [join(import.meta.dirname, '../adapters/typst/template-child.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'silent',
  })
  return pathToFileURL(outfile)
}
