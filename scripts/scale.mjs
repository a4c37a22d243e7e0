// `npm run scale [-- OPTIONS]`: the product at ten and a hundred times the size.
import { runBundled } from './run-bundled.mjs'

await runBundled('services/billing-service/tests/bench/scale-main.ts')
