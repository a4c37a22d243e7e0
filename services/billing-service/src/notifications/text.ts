// The text part of a mail: the same content in plain lines.
import type { MailContent } from './content.ts'
import type { MailFrame } from './facts.ts'
import type { MailFooter } from './write-mail.ts'

/** Writes the text part. */
export function textOf(content: MailContent, footer: MailFooter, { language }: MailFrame): string {
  const colon = language === 'en' ? ': ' : '：'
  const { headline, paragraphs, facts, button, next } = content
  const blocks: (readonly string[])[] = [
    footer.warning === null ? [] : [footer.warning],
    [headline],
    ...paragraphs.map(paragraph => [paragraph]),
    facts.map(([label, value]) => `${label}${colon}${value}`),
    button === null ? [] : [`${button.label}${colon}`, button.url],
    ...next.map(sentence => [sentence]),
    [
      '-- ',
      ...footer.lines,
      ...(footer.settings === null
        ? []
        : [`${footer.settings.label}${colon}${footer.settings.url}`]),
    ],
  ]
  return `${blocks
    .filter(block => block.length > 0)
    .map(block => block.join('\n'))
    .join('\n\n')}\n`
}
