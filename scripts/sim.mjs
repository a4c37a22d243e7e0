// `npm run sim -- --seeds N --years Y`: lives tenants through years and checks their books at every step.
import { runBundled } from './run-bundled.mjs'

await runBundled('services/billing-service/src/test/simulator/simulator-main.ts')
