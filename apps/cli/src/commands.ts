// Every command of `quittance`, in the order of the help.
import type { Command, CommandOption } from './command.ts'

const dataDir: CommandOption = {
  name: 'data-dir',
  value: 'FOLDER',
  says: 'where data and secrets are kept',
  setting: 'DATA_DIR',
}
const gatewayPort: CommandOption = {
  name: 'port',
  value: 'N',
  says: 'port of the gateway, default 3000',
  setting: 'GATEWAY_PORT',
}
const billingPort: CommandOption = {
  name: 'billing-port',
  value: 'N',
  says: 'port of the billing service, default 3010',
  setting: 'BILLING_PORT',
}

const json: CommandOption = { name: 'json', says: 'answers one JSON object' }

const running: readonly Command[] = [
  {
    name: 'start',
    summary: 'everything in one process: gateway, service, dashboard, what is embedded',
    about:
      'Starts the whole product in one process. Without STRIPE_SECRET_KEY an embedded Stripe sandbox takes\nthe part of Stripe and a demo tenant is made; without DATABASE_URL or MONGODB_URI an embedded\nPostgreSQL keeps the data.',
    options: [gatewayPort, billingPort, dataDir],
    examples: ['quittance start', 'quittance start --port 8080 --data-dir /srv/quittance'],
    load: async () => (await import('./start.ts')).runStart,
  },
  {
    name: 'serve',
    summary: 'the billing service alone: the HTTP API and, unless switched off, the jobs',
    options: [
      { ...billingPort, name: 'port' },
      { name: 'jobs', value: 'on|off', says: 'whether it runs jobs as well, default on' },
      dataDir,
    ],
    examples: ['DATABASE_URL=postgres://... STRIPE_SECRET_KEY=sk_... quittance serve --jobs off'],
    load: async () => (await import('./serve.ts')).runServe,
  },
  {
    name: 'worker',
    summary: 'the jobs alone: renewals, collection, reminders, deliveries, reconciliation',
    options: [dataDir],
    examples: ['DATABASE_URL=postgres://... STRIPE_SECRET_KEY=sk_... quittance worker'],
    load: async () => (await import('./serve.ts')).runWorker,
  },
  {
    name: 'gateway',
    summary: 'the gateway alone: tokens, rate limits, forwarding, the dashboard',
    options: [
      gatewayPort,
      {
        name: 'billing-url',
        value: 'URL',
        says: 'where the billing service listens',
        setting: 'BILLING_URL',
      },
    ],
    examples: ['BILLING_URL=http://billing:3010 JWT_JWKS_URL=https://... quittance gateway'],
    load: async () => (await import('./gateway.ts')).runGateway,
  },
  {
    name: 'sandbox',
    summary: 'the Stripe sandbox alone, for any program that uses a Stripe SDK',
    options: [
      { name: 'port', value: 'N', says: 'port, default 12111; 0 takes a free one' },
      { name: 'data-dir', value: 'FOLDER', says: 'keeps its state; without it all is forgotten' },
    ],
    examples: ['quittance sandbox --port 12111'],
    load: async () => (await import('./sandbox.ts')).runStripeSandbox,
  },
]

const tools: readonly Command[] = [
  {
    name: 'migrate',
    summary: 'bring the database to this version, and stop',
    options: [
      {
        name: 'partition-usage',
        says: 'keep usage events by month from now on; for more than 10 million of them',
      },
      json,
      dataDir,
    ],
    examples: ['DATABASE_OWNER_URL=postgres://... quittance migrate'],
    load: async () => (await import('./migrate.ts')).runMigrate,
  },
  {
    name: 'token',
    summary: 'a token to call the API with',
    about:
      'Prints a token signed with JWT_SECRET or, beside a sandbox, with the secret in the data directory.',
    options: [
      { name: 'role', value: 'ROLE', says: 'member, admin (default), service or operator' },
      { name: 'tenant', value: 'ID', says: 'whom it speaks for; operator and service need none' },
      { name: 'subject', value: 'NAME', says: 'who it is, for the audit log; default cli' },
      { name: 'hours', value: 'N', says: 'how long it is valid, default 12' },
      json,
      dataDir,
    ],
    examples: [
      'quittance token --role admin --tenant demo',
      'curl -H "Authorization: Bearer $(quittance token --tenant demo)" \\',
      '  http://127.0.0.1:3000/api/v1/billing/plans',
    ],
    load: async () => (await import('./token.ts')).runToken,
  },
  {
    name: 'jobs',
    summary: 'list the jobs, or run one now',
    words: '[run NAME]',
    options: [json, dataDir],
    examples: ['quittance jobs', 'quittance jobs run renew-due'],
    load: async () => (await import('./jobs.ts')).runJobs,
  },
  {
    name: 'verify',
    summary: 'prove the books: debits = credits, invoices = ledger, charges = the processor’s',
    about:
      'Proves the books and names the first rows that break a proof: postings, balances, invoices, credit\nnotes, numbers, refunds, the seals over ledger and audit log, and the processor’s own figures.',
    options: [
      { name: 'days', value: 'N', says: 'how far back to ask the processor, default 30' },
      {
        name: 'seals',
        value: 'FILE',
        says: 'seals kept earlier, as "quittance seals" printed them',
      },
      json,
      dataDir,
    ],
    examples: ['quittance verify', 'quittance verify --days 400 --seals kept.jsonl'],
    load: async () => (await import('./verify.ts')).runVerify,
  },
  {
    name: 'seals',
    summary: 'the newest seal of every ledger and audit log, to be kept elsewhere',
    about:
      'Prints the newest seal of every tenant’s ledger and audit log, one JSON object per line.\nKept outside the deployment, they prove later that no seal was made anew:\n"quittance verify --seals FILE".',
    options: [json, dataDir],
    examples: ['quittance seals > kept.jsonl'],
    load: async () => (await import('./seals.ts')).runSeals,
  },
  {
    name: 'doctor',
    summary: 'check configuration, database, Stripe, webhooks, clock and mail, and name the fix',
    about:
      'Looks at everything a deployment needs and says of each whether it is well and, if not, what to do.\nIt changes nothing. Ends with 1 when something is broken.',
    options: [json, dataDir],
    examples: ['quittance doctor', 'quittance doctor --json'],
    load: async () => (await import('./doctor.ts')).runDoctor,
  },
  {
    name: 'backup',
    summary: 'keep a copy of everything, as of one moment, while the product runs',
    about:
      'Writes every row of the database, as one moment saw it, into a new folder: compressed files and a\nmanifest with counts and checksums. What an installation keeps beside an embedded\ndatabase or sandbox (its secrets, the sandbox’s books) is copied too.\nKeep the folder as safe as the database.',
    options: [
      { name: 'to', value: 'FOLDER', says: 'where it goes: a new or empty folder' },
      {
        name: 'keys',
        value: 'FILE',
        says: 'where the newest keys of encrypted personal data go: one file for all backups',
      },
      { name: 'check', value: 'FOLDER', says: 'instead reads a backup again and compares it' },
      json,
      dataDir,
    ],
    examples: [
      'quittance backup --to /backups/2026-11-28',
      'quittance backup --keys /keys/newest.csv',
      'quittance backup --check /backups/2026-11-28',
    ],
    load: async () => (await import('./backup.ts')).runBackup,
  },
  {
    name: 'restore',
    summary: 'put a backup into an empty database',
    about:
      'Checks a backup and puts it into a database without rows, in one transaction: all of it or nothing.\nRun "quittance verify" afterwards. The version that restores must be the one that made it.',
    options: [
      { name: 'from', value: 'FOLDER', says: 'the backup' },
      { name: 'keys', value: 'FILE', says: 'the newest keys of encrypted personal data' },
      json,
      dataDir,
    ],
    examples: [
      'quittance restore --from /backups/2026-11-28 --data-dir /srv/quittance-2',
      'DATABASE_OWNER_URL=postgres://... quittance restore --from /backups/2026-11-28',
    ],
    load: async () => (await import('./restore.ts')).runRestore,
  },
  {
    name: 'encrypt',
    summary: 'encrypt personal data that are stored in clear, and wrap keys anew',
    about:
      'Encrypts the personal fields that were stored before PERSONAL_KEY_FILE was set, and puts the keys of\nall tenants under the first master key of that file: then the others can be taken out of it. It\nmay run beside a running product, and again.',
    options: [json, dataDir],
    examples: ['PERSONAL_KEY_FILE=/etc/quittance/personal.keys quittance encrypt'],
    load: async () => (await import('./encrypt.ts')).runEncrypt,
  },
  {
    name: 'copy',
    summary: 'move a deployment to another database, PostgreSQL or MongoDB',
    about:
      'Copies every row into an empty database, compares each of them, and proves the books there as\n"quittance verify" does. Stop the product first: what is written meanwhile is not copied.',
    options: [
      {
        name: 'from',
        value: 'URL',
        says: 'the database it is in: postgres://... or mongodb://...',
      },
      { name: 'to', value: 'URL', says: 'an empty database: postgres://... or mongodb://...' },
      json,
      dataDir,
    ],
    examples: [
      'quittance copy --from postgres://db/quittance --to mongodb://localhost:27017/billing',
    ],
    load: async () => (await import('./copy.ts')).runCopy,
  },
  {
    name: 'sync',
    summary: 'read everything again from Stripe, tenant by tenant, and settle what differs',
    about:
      'Reads payments, refunds, disputes and methods of all tenants again from Stripe and settles\nwhat differs. It may run beside a running product; stopped, it goes on where it was.',
    options: [{ name: 'restart', says: 'begins again with the first tenant' }, json, dataDir],
    examples: ['quittance sync', 'quittance sync --restart'],
    load: async () => (await import('./sync.ts')).runSync,
  },
  {
    name: 'reconcile',
    summary: 'the reconciliation certificate of a month: counts and sums on both sides',
    about:
      'Holds a month against Stripe, keeps the certificate and prints it; differences go to the\ndrift inbox. Ends with 1 when something differs.',
    options: [
      { name: 'month', value: 'MONTH', says: 'such as 2026-11, default the month before' },
      json,
      dataDir,
    ],
    examples: ['quittance reconcile', 'quittance reconcile --month 2026-11'],
    load: async () => (await import('./reconcile.ts')).runReconcile,
  },
  {
    name: 'close',
    summary: 'close the books of a month and write its pack for accountants',
    about:
      'Nothing is booked in a closed month any more; what comes late goes to the beginning of the next.\nClosing again writes the same pack. Ends with 1 when the pack could not be made.',
    options: [
      { name: 'period', value: 'MONTH', says: 'such as 2026-11' },
      { name: 'tenant', value: 'ID', says: 'the books of one tenant, default those of all' },
      { name: 'out', value: 'FILE', says: 'where the pack goes, default close-MONTH.zip' },
      json,
      dataDir,
    ],
    examples: ['quittance close --period 2026-11'],
    load: async () => (await import('./close.ts')).runClose,
  },
  {
    name: 'rebuild-rollups',
    summary: 'make the sums that reports read anew, and say what was put right',
    about:
      'Adds the daily sums of the ledger and of transactions up again from their rows, and writes the\nmovements of recurring revenue that are missing, such as those of subscriptions that are older\nthan the log. It may run beside a running product.',
    options: [json, dataDir],
    examples: ['quittance rebuild-rollups'],
    load: async () => (await import('./rebuild-rollups.ts')).runRebuildRollups,
  },
  {
    name: 'rebuild',
    summary: 'replay a tenant’s stored events into an empty store and compare its transactions',
    about:
      'Puts the attempts of a tenant into an empty store in memory, applies its stored events there and\ncompares the transactions. It changes nothing. Ends with 1 when something differs.',
    options: [{ name: 'tenant', value: 'ID', says: 'whose events are replayed' }, json, dataDir],
    examples: ['quittance rebuild --tenant demo'],
    load: async () => (await import('./rebuild.ts')).runRebuild,
  },
  {
    name: 'import',
    summary: 'bring an existing Stripe account in: customers, methods, subscriptions, invoices',
    words: 'stripe | shadow',
    about:
      'Reads a Stripe account and copies it: customers become tenants, subscriptions are mirrored, invoices\nand their payments recorded. Nothing is changed at Stripe. Prices must be named by plans\n(stripePriceId) first. It may be run again, and goes on where it was stopped. "shadow" is\n"quittance shadow".',
    options: [
      {
        name: 'tenant-key',
        value: 'KEY',
        says: 'metadata of a customer that names its tenant, default tenant_id',
      },
      { name: 'one-to-one', says: 'each customer is a tenant under its own id instead' },
      { name: 'restart', says: 'begins anew instead of going on' },
      { name: 'tenant', value: 'ID', says: 'with shadow: only this one' },
      json,
      dataDir,
    ],
    examples: ['quittance import stripe --tenant-key account_id', 'quittance import shadow'],
    load: async () => (await import('./import.ts')).runImport,
  },
  {
    name: 'shadow',
    summary: 'compare the next invoices of our engine with Stripe’s previews, line by line',
    about:
      'Writes the next invoice of every mirrored subscription as our engine would, for comparison only, and\nholds it against the one that Stripe previews. Ends with 1 when something differs.',
    options: [{ name: 'tenant', value: 'ID', says: 'only this one' }, json, dataDir],
    examples: ['quittance shadow', 'quittance shadow --tenant acme'],
    load: async () => (await import('./import.ts')).runShadow,
  },
  {
    name: 'plans',
    summary: 'list the plans on offer, compare a file with them, or push it',
    words: '[list | diff | push]',
    about:
      'Compares a file of plans with the catalogue of a running product, or puts its plans on offer.\nA changed plan becomes a new version; subscriptions keep theirs until they are moved. diff ends\nwith 1 when something differs.',
    options: [
      { name: 'file', value: 'FILE', says: 'the plans, default config/plans.json' },
      { name: 'retire', says: 'takes plans that are not in the file off the offer' },
      { name: 'url', value: 'URL', says: 'the gateway, default http://127.0.0.1:3000' },
      { name: 'token', value: 'TOKEN', says: 'an operator’s token', setting: 'QUITTANCE_TOKEN' },
      json,
      dataDir,
    ],
    examples: ['quittance plans', 'quittance plans diff', 'quittance plans push --file plans.json'],
    load: async () => (await import('./plans.ts')).runPlans,
  },
  {
    name: 'invoices',
    summary: 'list invoices, show one, or generate those that are due',
    words: '[list | show ID | generate]',
    about:
      'Lists the invoices of a running product, newest first; shows one of a tenant with its lines; or\ngenerates what is due now: renewals and usage of ended periods are drafted, and drafts whose window\nhas passed are issued. What is not due is left alone, and nothing is billed twice.',
    options: [
      { name: 'tenant', value: 'ID', says: 'whose invoices; show needs it' },
      { name: 'status', value: 'STATUS', says: 'only draft, open, paid, void or uncollectible' },
      { name: 'limit', value: 'N', says: 'how many are listed, default 20, at most 1000' },
      { name: 'url', value: 'URL', says: 'the gateway, default http://127.0.0.1:3000' },
      { name: 'token', value: 'TOKEN', says: 'an operator’s token', setting: 'QUITTANCE_TOKEN' },
      json,
      dataDir,
    ],
    examples: [
      'quittance invoices --status open',
      'quittance invoices show inv_... --tenant demo --json',
      'quittance invoices generate',
    ],
    load: async () => (await import('./invoices.ts')).runInvoices,
  },
  {
    name: 'walk',
    summary: 'drive a running product through a tenant’s life and check every answer',
    about:
      'Drives a running product with a sandbox through a tenant’s life, prints each step with what it saw,\nand exits with 1 at the first wrong answer. Each run makes a new tenant.',
    options: [
      { name: 'url', value: 'URL', says: 'the gateway, default http://127.0.0.1:3000' },
      { name: 'invoice', value: 'FILE', says: 'keeps the invoice PDF there' },
    ],
    examples: ['quittance walk', 'quittance walk --url http://127.0.0.1:8080'],
    load: async () => (await import('./walk.ts')).runWalk,
  },
  {
    name: 'seed',
    summary: 'give the demo tenants of a running sandbox their history',
    options: [
      { name: 'url', value: 'URL', says: 'the gateway, default http://127.0.0.1:3000' },
      json,
    ],
    examples: ['quittance seed'],
    load: async () => (await import('./seed-command.ts')).runSeed,
  },
  {
    name: 'version',
    summary: 'the version',
    options: [json],
    examples: ['quittance version'],
    load: async () => (await import('./version.ts')).runVersion,
  },
]

export const commands: readonly Command[] = [...running, ...tools]
