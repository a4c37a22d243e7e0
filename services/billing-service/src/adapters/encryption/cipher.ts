// AES-256-GCM: what is encrypted opens under the same key and the same context only, and whole or not at all.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

export const keyBytes = 32
const nonceBytes = 12
const tagBytes = 16
const algorithm = 'aes-256-gcm'

/** Nonce, ciphertext and tag as base64url. Nonces are random: a key is good for about 4 billion values. */
export function encrypt(key: Uint8Array, plain: string | Uint8Array, context: string): string {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv(algorithm, key, nonce).setAAD(Buffer.from(context))
  const body = typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain)
  return Buffer.concat([nonce, body, cipher.final(), cipher.getAuthTag()]).toString('base64url')
}

/** The plain bytes; throws for another key, another context, or a text that was changed. */
export function decrypt(key: Uint8Array, text: string, context: string): Buffer {
  const bytes = Buffer.from(text, 'base64url')
  const end = bytes.length - tagBytes
  const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  })
  decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(end))
  return Buffer.concat([decipher.update(bytes.subarray(nonceBytes, end)), decipher.final()])
}
