// The page docs/permissions.md, made from the routes and the matrix: who may call what. Not the check itself.
import { mayDo, permissions, type Role, roles } from './permissions.ts'
import type { Route } from './route.ts'
import { routes } from './routes.ts'

const intro = `# Who may do what

Made from the contract (\`packages/billing-contract/src/permissions.ts\` and the routes); a test holds it up to date, and
another one sends a request for every cell to the running service. \`npm run golden\` writes it anew.

- \`member\`, \`admin\` and \`service\` act for the tenant of their token. \`service\` without a tenant, and \`operator\`,
  name the tenant in \`X-Tenant-Id\`.
- **issuer**: the issuer's operators alone, unless \`ADMIN_MAY\` grants the permission to tenants' admins. Everybody else
  gets 403 \`operator_only\`; without the permission it is 403 \`forbidden\`, without a token 401.
- Fields that only the issuer may send on a route that others may call (a longer trial, a tax rate) are refused one by one.
- An operation without a permission takes no token; how it is protected stands in the last table.
`

/** A table as Markdown, its columns as wide as their widest cell. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, at) => Math.max(3, ...rows.map(row => row[at]!.length)))
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, at) => cell.padEnd(widths[at]!)).join(' | ')} |`
  const [head, ...rest] = rows
  const rule = widths.map(width => '-'.repeat(width))
  return [line(head!), line(rule), ...rest.map(line)].join('\n')
}

const cell = (role: Role, name: keyof typeof permissions): string => {
  if (!mayDo([role], name)) return ''
  const issuers = (permissions[name] as readonly string[]).includes('issuer')
  return issuers ? 'issuer' : 'yes'
}

const matrix = (): string =>
  table([
    ['Permission', ...roles],
    ...(Object.keys(permissions) as (keyof typeof permissions)[]).map(name => [
      `\`${name}\``,
      ...roles.map(role => cell(role, name)),
    ]),
  ])

const all = () => Object.entries(routes) as [string, Route][]

const operations = (): string =>
  table([
    ['Operation', 'Permission', 'Tenant', ...roles],
    ...all().flatMap(([, { method, path, permission, tenant }]) =>
      permission === null
        ? []
        : [
            [
              `\`${method} ${path}\``,
              `\`${permission}\``,
              tenant ? 'one' : '',
              ...roles.map(role => cell(role, permission)),
            ],
          ],
    ),
  ])

const open = (): string =>
  table([
    ['Operation', 'Protected by'],
    ...all()
      .filter(([, route]) => route.permission === null)
      .map(([, { method, path }]) => [
        `\`${method} ${path}\``,
        path.startsWith('/public/') ? 'the signed link in its path' : 'the signature of its body',
      ]),
  ])

/** The whole page. */
export const permissionsPage = (): string =>
  `${intro}\n## Permissions\n\n${matrix()}\n\n## Operations\n\n${operations()}\n\n## Without a token\n\n${open()}\n`
