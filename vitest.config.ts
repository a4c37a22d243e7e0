import { defineConfig } from 'vitest/config'

/** SQL and Typst sources are imported as text, as the builder does it. */
const textAssets = {
  name: 'text-assets',
  transform: (code: string, id: string) =>
    /\.(sql|typ)$/.test(id) ? `export default ${JSON.stringify(code)}` : undefined,
}

const project = (name: string, include: string[], more: Record<string, unknown> = {}) => ({
  plugins: [textAssets],
  test: {
    // Most tests wait for a database: two files side by side, also where a core fewer is the default.
    maxWorkers: 2,
    name,
    include,
    exclude: ['**/node_modules/**', '**/dist/**'],
    environment: 'node',
    // Modules are loaded once for all files of a worker: to load them costs more than most tests do. Projects that
    // run file by file keep them apart, or they could not be run beside the others.
    isolate: more.fileParallelism === false,
    ...more,
  },
})

/**
 * What of the service's tests says nothing of MongoDB: it asks PostgreSQL itself, locks its tables (nobody waits for a
 * row on MongoDB), or keeps rows in memory.
 */
const notOnMongo = [
  'back-pressure',
  'backup',
  'verify',
  'simulator',
  'simulator-found',
  'reports-simulated',
  'roll-ups',
].map(name => `services/billing-service/tests/service/${name}.test.ts`)

export default defineConfig({
  test: {
    projects: [
      project('unit', [
        '{packages,services,apps}/*/src/**/*.test.ts',
        'services/billing-service/tests/bench/*.test.ts',
      ]),
      project('store', ['services/billing-service/tests/store/**/*.test.ts'], {
        testTimeout: 30_000,
        hookTimeout: 60_000,
      }),
      project('golden', ['services/billing-service/tests/golden/**/*.test.ts'], {
        testTimeout: 30_000,
      }),
      project('service', ['services/billing-service/tests/service/**/*.test.ts'], {
        globalSetup: ['services/billing-service/tests/shared-server.ts'],
        testTimeout: 30_000,
        hookTimeout: 60_000,
      }),
      project('conformance', ['services/billing-service/tests/conformance/**/*.test.ts'], {
        testTimeout: 60_000,
        hookTimeout: 60_000,
        fileParallelism: false,
      }),
      // The service's tests again, on MongoDB; without MONGODB_URI a line says that they were not run.
      project(
        'mongo',
        process.env.MONGODB_URI
          ? ['services/billing-service/tests/service/**/*.test.ts']
          : ['services/billing-service/tests/mongo/*.test.ts'],
        {
          env: { WORLD_STORE: 'mongo' },
          exclude: ['**/node_modules/**', ...notOnMongo],
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      ),
      project('stack', ['tests/stack/**/*.test.ts'], {
        testTimeout: 60_000,
        hookTimeout: 120_000,
        fileParallelism: false,
      }),
      project('attacks', ['tests/attacks/**/*.test.ts'], {
        testTimeout: 60_000,
        hookTimeout: 120_000,
        fileParallelism: false,
      }),
      project('smoke', ['tests/smoke/**/*.test.ts'], {
        testTimeout: 60_000,
        hookTimeout: 120_000,
        fileParallelism: false,
      }),
      project('e2e', ['tests/e2e/**/*.test.ts'], {
        globalSetup: ['tests/e2e/shared-product.ts'],
        testTimeout: 120_000,
        hookTimeout: 120_000,
        fileParallelism: false,
      }),
      project('long', ['tests/long/**/*.test.ts'], {
        testTimeout: 600_000,
        hookTimeout: 120_000,
        fileParallelism: false,
      }),
    ],
  },
})
