// A file made in the background.
import { Type } from 'typebox'
import { Nullable, Time } from './values.ts'

export const FileExportNoun = Type.Union([
  Type.Literal('transactions'),
  Type.Literal('invoices'),
  Type.Literal('credit-notes'),
  Type.Literal('customers'),
  Type.Literal('usage'),
  Type.Literal('audit-log'),
  Type.Literal('everything'),
])

export const FileExportFormat = Type.Union([
  Type.Literal('csv'),
  Type.Literal('xlsx'),
  Type.Literal('pdf'),
  Type.Literal('jsonl'),
])

export const FileExport = Type.Object({
  id: Type.String(),
  noun: Type.Union([FileExportNoun, Type.Literal('personal'), Type.Literal('close-pack')]),
  format: Type.Union([FileExportFormat, Type.Literal('zip')]),
  status: Type.Union([
    Type.Literal('queued'),
    Type.Literal('running'),
    Type.Literal('done'),
    Type.Literal('failed'),
    Type.Literal('expired'),
  ]),
  progress: Type.Object({
    rows: Type.Integer({ description: 'Rows written so far' }),
    total: Nullable(Type.Integer({ description: 'Rows counted when it began' })),
    bytes: Type.Integer(),
  }),
  filename: Nullable(Type.String()),
  error: Nullable(Type.String({ description: 'Why it failed: the code of a refusal, or `fault`' })),
  download: Nullable(
    Type.Object(
      { url: Type.String(), expiresAt: Time },
      { description: 'A link that needs no sign-in; a new one with each reading' },
    ),
  ),
  expiresAt: Nullable(Time),
  createdAt: Time,
})
