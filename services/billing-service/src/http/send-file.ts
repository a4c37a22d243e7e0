// Answers a file that is made while it is read.
import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import type { ExportedFile } from '../actions/exports/table-file.ts'

export const sendFile = (reply: FastifyReply, file: ExportedFile): FastifyReply =>
  reply
    .header('content-type', file.contentType)
    .header('content-disposition', `attachment; filename="${file.filename}"`)
    .send(
      file.content instanceof Uint8Array
        ? Buffer.from(file.content)
        : Readable.from(file.content, { objectMode: false }),
    )
