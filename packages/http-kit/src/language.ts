// Which of the two languages a caller reads. Not a translation catalogue: messages live with what
// they describe.

export type Language = 'en' | 'zh-CN'

const headerLengthMax = 1_000

function supported(range: string): Language | null {
  const primary = range.split('-', 1)[0]
  if (primary === 'zh') return 'zh-CN'
  return primary === 'en' || primary === '*' ? 'en' : null
}

function qualityOf(parameters: readonly string[]): number {
  const given = parameters.map(each => each.trim()).find(each => each.startsWith('q='))
  if (given === undefined) return 1
  const quality = Number(given.slice(2))
  return quality >= 0 && quality <= 1 ? quality : 0
}

/**
 * The language for an `Accept-Language` header (RFC 9110, 12.5.4): the supported range of the highest
 * quality, the first named among equals. Every Chinese variant reads `zh-CN`; anything else is `en`.
 */
export function languageOf(header: string | undefined): Language {
  if (header === undefined || header.length > headerLengthMax) return 'en'
  let best: Language = 'en'
  let bestQuality = 0
  for (const entry of header.toLowerCase().split(',')) {
    const [range = '', ...parameters] = entry.split(';')
    const language = supported(range.trim())
    const quality = language === null ? 0 : qualityOf(parameters)
    if (language !== null && quality > bestQuality) {
      best = language
      bestQuality = quality
    }
  }
  return best
}
