// What is kept for China's fapiao.
import { type Static, Type } from 'typebox'
import { Nullable, Time } from './values.ts'

const strict = { additionalProperties: false } as const

const FapiaoType = Type.Union([Type.Literal('general'), Type.Literal('special')], {
  description: 'general: 普通发票; special: 增值税专用发票, which needs a tax number',
})

const text = (maxLength: number, description: string) =>
  Type.Optional(Nullable(Type.String({ maxLength, description })))

export const FapiaoBuyerInput = Type.Object(
  {
    type: FapiaoType,
    title: Type.String({ minLength: 1, maxLength: 100, description: '发票抬头' }),
    taxNumber: Type.Optional(
      Nullable(Type.String({ pattern: '^[0-9A-Z]{15,20}$', description: '纳税人识别号' })),
    ),
    address: text(200, '地址'),
    phone: text(40, '电话'),
    bankName: text(100, '开户行'),
    bankAccount: Type.Optional(
      Nullable(
        Type.String({
          pattern: '^[0-9A-Z][0-9A-Z -]{5,39}$',
          description: '对公账号: the account of a company, never a card',
        }),
      ),
    ),
    remarks: text(200, '备注'),
    email: text(200, '收票邮箱'),
  },
  strict,
)

export const FapiaoBuyer = Type.Object({
  customerId: Type.String(),
  type: FapiaoType,
  title: Nullable(Type.String({ description: 'null: nothing was set' })),
  taxNumber: Nullable(Type.String()),
  address: Nullable(Type.String()),
  phone: Nullable(Type.String()),
  bankName: Nullable(Type.String()),
  bankAccount: Nullable(Type.String()),
  remarks: Nullable(Type.String()),
  email: Nullable(Type.String()),
  updatedAt: Nullable(Time),
})

const number = Type.String({
  pattern: '^([0-9]{20}|[0-9]{10,12}-[0-9]{8})$',
  description: '20 digits, or code and number of an older one: 144031900111-12345678',
})

const issuedOn = Type.String({ format: 'date', description: '开票日期: YYYY-MM-DD' })

export const RedFapiaoInput = Type.Object({ number, issuedOn }, strict)

export const FapiaoInput = Type.Object(
  { number, issuedOn, type: Type.Optional(FapiaoType) },
  strict,
)

export const Fapiao = Type.Object({
  documentId: Type.String({ description: 'The invoice, or the credit note of a red one' }),
  documentNumber: Type.String({ description: 'Our number, which is never that of the fapiao' }),
  invoiceId: Type.String(),
  kind: Type.Union([Type.Literal('blue'), Type.Literal('red')]),
  type: FapiaoType,
  number: Type.String(),
  blueNumber: Nullable(Type.String({ description: 'Of a red one: what it takes back' })),
  issuedOn: Type.String(),
  createdAt: Time,
  updatedAt: Time,
})

export type FapiaoBuyerInputWire = Static<typeof FapiaoBuyerInput>
export type FapiaoBuyerWire = Static<typeof FapiaoBuyer>
export type FapiaoWire = Static<typeof Fapiao>
