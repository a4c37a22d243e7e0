// Runs a TypeScript entry of a checkout: bundles it afresh, with what the builder does to SQL and Typst
// sources, and imports it in this very process, so that arguments and signals reach it directly.
import { mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import esbuild from 'esbuild'
import { root, thirdPartyStaysOutside } from './build.mjs'

/** Bundles `entry` (a path below the root) and runs it. */
export async function runBundled(entry) {
  const name = basename(entry, '.ts')
  const bundle = join(root, '.cache', name, `${name}-${process.pid % 8}.mjs`)
  mkdirSync(join(root, '.cache', name), { recursive: true })
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: bundle,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    loader: { '.sql': 'text', '.typ': 'text' },
    plugins: [thirdPartyStaysOutside],
    logLevel: 'warning',
  })
  await esbuild.stop()
  await import(pathToFileURL(bundle).href)
}
