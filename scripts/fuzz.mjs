// `npm run fuzz -- --minutes N --seed S`: generated requests, valid and hostile, against the whole service.
import { runBundled } from './run-bundled.mjs'

await runBundled('services/billing-service/src/test/fuzz/fuzz-main.ts')
