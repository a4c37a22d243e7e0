// `npm run vectors -- --dir <folder> [--json]`: runs a folder of vectors through the real core.
import { runBundled } from './run-bundled.mjs'

await runBundled('services/billing-service/src/test/vectors-main.ts')
