// The HTML part of a mail: one column, system fonts, nothing loaded from anywhere, readable with styles
// stripped and in the dark.
import type { MailContent } from './content.ts'
import type { MailFrame } from './facts.ts'
import type { MailFooter } from './write-mail.ts'

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, letter => entities[letter] ?? '')

/** Only addresses of pages may be linked; anything else is printed. */
const linkTo = (url: string, label: string, style: string, className: string): string =>
  /^https?:\/\//.test(url)
    ? `<a href="${escaped(url)}" class="${className}" style="${style}">${escaped(label)}</a>`
    : escaped(label)

const fonts: Readonly<Record<MailFrame['language'], string>> = {
  en: "-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif",
  'zh-CN':
    "-apple-system,'PingFang SC','Microsoft YaHei','Noto Sans SC','Segoe UI',Roboto,Arial,sans-serif",
}

/** Colours are set for the light and turned for the dark; mail programs without the query keep the light. */
const styles = [
  ':root{color-scheme:light dark;supported-color-schemes:light dark}',
  '@media (prefers-color-scheme:dark){',
  '.page{background:#121614!important;color:#E9ECE9!important}',
  '.sheet{background:#1A1F1D!important}',
  '.quiet{color:#B4BDB8!important}',
  '.rule{border-color:#2E3532!important}',
  '.button{background:#4FC0AA!important;color:#06211C!important}',
  '.link{color:#5CC4AF!important}',
  '.warning{color:#F2938B!important}',
  '}',
].join('')

const paragraph = (text: string, style = 'margin:0 0 16px'): string =>
  `<p style="${style}">${escaped(text)}</p>`

function factsTable(facts: MailContent['facts']): string {
  if (facts.length === 0) return ''
  const rows = facts.map(
    ([label, value]) =>
      `<tr><th scope="row" class="quiet rule" style="padding:8px 16px 8px 0;text-align:left;vertical-align:top;font-weight:400;color:#55605B;border-bottom:1px solid #E3DFD6">${escaped(label)}</th>` +
      `<td class="rule" style="padding:8px 0;text-align:right;vertical-align:top;border-bottom:1px solid #E3DFD6;overflow-wrap:anywhere">${escaped(value)}</td></tr>`,
  )
  return `<table style="width:100%;margin:0 0 24px;border-collapse:collapse;font-size:14px;line-height:22px">${rows.join('')}</table>`
}

const buttonOf = (button: MailContent['button']): string =>
  button === null
    ? ''
    : `<p style="margin:0 0 24px">${linkTo(
        button.url,
        button.label,
        'display:inline-block;padding:11px 20px;border-radius:6px;background:#0F6B5C;color:#FFFFFF;font-weight:600;text-decoration:none',
        'button',
      )}</p>`

function footerOf({ lines, settings }: MailFooter): string {
  const style = 'margin:0 0 4px;font-size:12px;line-height:18px;color:#55605B'
  const rows = lines.map(line => `<p class="quiet" style="${style}">${escaped(line)}</p>`)
  const link =
    settings === null
      ? ''
      : `<p style="${style}">${linkTo(settings.url, settings.label, 'color:#0F6B5C', 'link')}</p>`
  return `<div class="rule" style="margin-top:32px;padding-top:16px;border-top:1px solid #E3DFD6">${rows.join('')}${link}</div>`
}

/** What mail programs show beside the subject: the first facts. */
const preheaderOf = ({ facts, headline }: MailContent): string =>
  facts.length === 0
    ? headline
    : facts
        .slice(0, 3)
        .map(([, value]) => value)
        .join(' · ')

/** Writes the HTML part. Everything from outside is escaped. */
export function htmlOf(content: MailContent, footer: MailFooter, frame: MailFrame): string {
  const { language } = frame
  const warning =
    footer.warning === null
      ? ''
      : `<p class="warning" style="margin:0 0 16px;font-weight:600;color:#A8261E">${escaped(footer.warning)}</p>`
  return [
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="supported-color-schemes" content="light dark">',
    `<title>${escaped(content.subject)}</title><style>${styles}</style></head>`,
    `<body class="page" style="margin:0;padding:24px 0;background:#FAF9F6;color:#1D2321;font:14px/${language === 'en' ? 22 : 24}px ${fonts[language]}">`,
    `<div style="display:none;max-height:0;overflow:hidden">${escaped(preheaderOf(content))}</div>`,
    '<main class="sheet" style="max-width:536px;margin:0 auto;padding:32px;background:#FFFFFF">',
    `<p class="quiet" style="margin:0 0 24px;font-weight:600;color:#55605B">${escaped(frame.issuer.name)}</p>`,
    warning,
    `<h1 style="margin:0 0 16px;font-size:22px;line-height:30px;font-weight:600">${escaped(content.headline)}</h1>`,
    ...content.paragraphs.map(text => paragraph(text)),
    factsTable(content.facts),
    buttonOf(content.button),
    ...content.next.map(text => paragraph(text)),
    footerOf(footer),
    '</main></body></html>',
  ].join('\n')
}
