// `npm run screenshots`: every page as PNG, in both languages, themes and widths. `-- --help` lists the rest.
import { runBundled } from './run-bundled.mjs'

await runBundled('tests/e2e/screenshots-main.ts')
