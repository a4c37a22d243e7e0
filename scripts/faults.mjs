// `npm run faults [-- --payments N --kills N --seed S]`: builds what runs, bundles the runner, and runs it in
// this very process.
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import esbuild from 'esbuild'
import { root, stale, thirdPartyStaysOutside } from './build.mjs'

const targets = stale(['server'])
if (targets.length > 0) {
  const builder = fileURLToPath(new URL('build.mjs', import.meta.url))
  execFileSync(process.execPath, [builder, ...targets], { stdio: ['ignore', 'ignore', 'inherit'] })
}
process.env.QUITTANCE_BUNDLE = pathToFileURL(join(root, 'apps/cli/dist/quittance.js')).href

const bundle = join(root, '.cache/faults/faults.mjs')
mkdirSync(join(root, '.cache/faults'), { recursive: true })
await esbuild.build({
  absWorkingDir: root,
  entryPoints: ['services/billing-service/tests/faults/main.ts'],
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
