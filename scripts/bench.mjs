// `npm run bench [-- NAMES] [--json] [--size N]`.
import { runBundled } from './run-bundled.mjs'

await runBundled('services/billing-service/tests/bench/bench-main.ts')
