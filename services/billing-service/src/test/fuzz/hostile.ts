// What somebody who means harm, or an unlucky program, sends: values that have broken services before.
import fc from 'fast-check'

/** Texts that programs stumble over: names of prototypes, quotes of other languages, broken characters. */
export const hostileTexts: readonly string[] = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  'x\udfff',
  '\ufeff',
  '\u202egnp.exe',
  '\u200b',
  'e\u0301'.repeat(20),
  '👩‍👩‍👧‍👦',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  'export',
  'summary',
  'preview',
  'null',
  'undefined',
  'NaN',
  'true',
  '[object Object]',
  "' or '1'='1",
  "'; drop table invoices; --",
  '$1',
  '{"$ne":null}',
  '../../../../etc/passwd',
  '..%2f..%2f',
  '%00',
  '%',
  '%zz',
  '=1+1',
  '=HYPERLINK("http://127.0.0.1/","x")',
  '@SUM(A1)',
  '<script>alert(1)</script>',
  '<!ENTITY x SYSTEM "file:///etc/passwd">',
  '$(id)',
  '{{7*7}}',
  '#read("/etc/passwd")',
  'a\r\nset-cookie: x=1',
  'http://169.254.169.254/latest/meta-data/',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'x'.repeat(300),
  'x'.repeat(5_000),
  `${'a'.repeat(60)}!`,
  '9'.repeat(400),
]

/** Times at and beyond the edges of the calendar. */
export const hostileTimes: readonly string[] = [
  '0000-00-00T00:00:00Z',
  '0000-01-01T00:00:00Z',
  '0001-01-01T00:00:00Z',
  '-000001-01-01T00:00:00Z',
  '+010000-01-01T00:00:00Z',
  '+275760-09-13T00:00:00Z',
  '+275760-09-13T00:00:00.001Z',
  '9999-12-31T23:59:59.999Z',
  '10000-01-01T00:00:00Z',
  '1582-10-10T00:00:00Z',
  '1969-12-31T23:59:59Z',
  '2026-02-30T00:00:00Z',
  '2024-02-29T00:00:00Z',
  '2016-12-31T23:59:60Z',
  '2026-11-28',
  '2026-11-28T24:00:00Z',
  '2026-11-28T12:00:00+23:59',
  '2026-11-28T12:00:00+24:00',
  '2026-11-28T12:00:00.123456789Z',
  '2026-11-28 12:00:00',
  '2026-13-01',
  'yesterday',
]

/** Zones that one library knows and another does not. */
export const hostileZones: readonly string[] = [
  'UTC',
  'Etc/GMT+12',
  'Etc/GMT-14',
  'Etc/GMT+24',
  'GMT',
  'GMT+1',
  'UTC+1',
  '+08:00',
  '+25:00',
  '+23:59',
  '-00:00',
  '+01',
  '+01:00:30',
  'Factory',
  'localtime',
  'posixrules',
  'EST5EDT',
  'US/Pacific-New',
  'America/Argentina/ComodRivadavia',
  'asia/shanghai',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'Africa/Monrovia',
  'Antarctica/Troll',
  'Mars/Olympus',
]

export const hostileNumbers: readonly number[] = [
  0,
  -0,
  1,
  -1,
  0.1,
  0.001,
  0.1 + 0.2,
  1e-7,
  99.999,
  2 ** 31,
  2 ** 32,
  2 ** 53 - 1,
  2 ** 53,
  2 ** 63,
  999_999_999_999,
  9_999_999_999_999,
  1e21,
  1e308,
  5e-324,
  -(2 ** 53),
]

const amountTexts = ['1e2', '0x10', '-', '1,5', '１２', '00012.50', '.5', '5.', '+1', '-0', '1_000']

const nested = (depth: number): unknown => {
  let value: unknown = 1
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value }
  return value
}

/** Names of members that reach into objects when they are copied without care. */
const trapNames = ['__proto__', 'constructor', 'prototype', 'toString', '', 'a\u0000', '\ud800']

/** An object whose own member has this name, `__proto__` too. */
const trap = (name: string, value: unknown): unknown =>
  JSON.parse(`{${JSON.stringify(name)}:${JSON.stringify(value)}}`)

/** Any value that does not belong where it is put. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...hostileTexts) },
  { weight: 2, arbitrary: fc.constantFrom(...hostileNumbers) },
  { weight: 2, arbitrary: fc.constantFrom(...hostileTimes) },
  { weight: 1, arbitrary: fc.constantFrom(...hostileZones) },
  { weight: 1, arbitrary: fc.constantFrom(...amountTexts) },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(null, true, false, [], {}, [[]], [null]) },
  { weight: 1, arbitrary: fc.constantFrom(10, 33, 64, 2_000).map(nested) },
  { weight: 1, arbitrary: fc.constantFrom(...trapNames).map(name => trap(name, { admin: true })) },
  { weight: 1, arbitrary: fc.constantFrom(...trapNames).map(name => trap(name, 'x')) },
  { weight: 1, arbitrary: fc.json({ maxDepth: 3 }).map(text => JSON.parse(text)) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
)

/** Bodies that are no JSON, or hardly. */
export const hostileBodies: readonly { readonly type: string; readonly bytes: Buffer }[] = [
  ['application/json', ''],
  ['application/json', '{'],
  ['application/json', '{"a":1,}'],
  ['application/json', '\ufeff{}'],
  ['application/json', 'null'],
  ['application/json', '"text"'],
  ['application/json', '[]'],
  ['application/json', '{"a":NaN}'],
  ['application/json', `${'['.repeat(20_000)}`],
  ['application/json', `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`],
  ['application/json', '{"plan":"free","plan":"enterprise"}'],
  ['application/json', '{"constructor":{"prototype":{"admin":true}}}'],
  ['application/json; charset=utf-16', '{}'],
  ['application/json', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
  ['application/xml', '<a/>'],
  ['text/plain', '{}'],
  ['application/x-www-form-urlencoded', 'plan=free'],
  ['multipart/form-data; boundary=x', '--x--'],
  ['not a type', '{}'],
].map(([type, bytes]) => ({
  type: type as string,
  bytes: Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes as string),
}))

export const hostileHeaders: readonly Readonly<Record<string, string>>[] = [
  { 'accept-language': '*;q=0, zz-ZZ;q=9, ,,;;' },
  { 'accept-language': 'zh-Hans-CN' },
  { 'accept-language': 'x'.repeat(4_000) },
  { 'idempotency-key': '' },
  { 'idempotency-key': 'k'.repeat(256) },
  { 'idempotency-key': 'schlüssel' },
  { 'idempotency-key': '__proto__' },
  { 'x-request-id': '\u00ff\u00fe' },
  { 'x-request-id': 'r'.repeat(2_000) },
  { 'user-agent': '\u0080\u00ff' },
  { 'x-forwarded-for': "127.0.0.1, ' or 1=1" },
  { 'x-http-method-override': 'DELETE' },
  { 'x-tenant-id': 'a,b' },
  { 'x-tenant-id': 'x'.repeat(200) },
  { 'x-tenant-id': '__proto__' },
  { 'x-tenant-id': '\u00ff' },
  { 'content-encoding': 'gzip' },
]
