// How a kind of mail looks in this deployment, with example facts; nothing is read or sent.
import { isMailKind } from '../../core/mail.ts'
import { refuse } from '../../core/refusal.ts'
import type { Deps } from '../../deps.ts'
import type { Language } from '../../documents/words.ts'
import { sampleMail } from '../../notifications/samples.ts'
import { writeMail } from '../../notifications/write-mail.ts'
import { frameFor } from './compose-mail.ts'

/** Both parts of the example, in the deployment's language unless asked. Refuses `not_found`. */
export function previewMail(deps: Deps, kind: string, asked: Language | null) {
  if (!isMailKind(kind)) return refuse('not_found', { noun: 'mail', nounZh: '邮件' })
  const { settings, publicUrl } = deps
  const language = asked ?? settings.language
  const frame = frameFor(deps, { language, zone: settings.zone }, false)
  return { kind, language, ...writeMail(sampleMail(kind, language, publicUrl), frame) }
}
