// Amounts of renminbi in the capital numerals that Chinese accounting writes beside the figures, so that
// a digit cannot be altered unseen. Only for CNY, only in Chinese documents.
import { assert } from '../core/assert.ts'

const digits = '零壹贰叁肆伍陆柒捌玖'
const places = ['仟', '佰', '拾', '']

/** Four figures; `led` says that something stands before them, so a missing place reads 零. */
function fourInWords(figures: string, led: boolean): string {
  let text = ''
  let gap = false
  for (const [index, figure] of [...figures].entries()) {
    if (figure === '0') {
      gap = true
      continue
    }
    if (gap && (text !== '' || led)) text += '零'
    gap = false
    text += (digits[Number(figure)] ?? '') + (places[index] ?? '')
  }
  return text
}

/** Eight figures: ten thousands (万) and the rest. A group left out reads one 零. */
function eightInWords(figures: string, led: boolean): string {
  const high = fourInWords(figures.slice(0, 4), led)
  const low = fourInWords(figures.slice(4), led || high !== '')
  if (high !== '') return `${high}万${low}`
  return led && low !== '' && !low.startsWith('零') ? `零${low}` : low
}

/** Whole yuan up to sixteen figures: hundred millions (亿) and the rest. */
function yuanInWords(yuan: string): string {
  const figures = yuan.padStart(16, '0')
  const high = eightInWords(figures.slice(0, 8), false)
  const low = eightInWords(figures.slice(8), high !== '')
  return high === '' ? low : `${high}亿${low}`
}

/**
 * 6,007.14 is 陆仟零柒元壹角肆分. A run of zeros reads one 零; after whole yuan stands 整, after 角 and 分
 * nothing. `amountMinor` counts fen and must be a safe integer.
 */
export function renminbiInWords(amountMinor: number): string {
  assert(Number.isSafeInteger(amountMinor), 'fen are a safe integer')
  const fen = String(Math.abs(amountMinor)).padStart(3, '0')
  const sign = amountMinor < 0 ? '负' : ''
  const yuan = yuanInWords(fen.slice(0, -2))
  const [one, jiao, rest] = [fen.at(-3), fen.at(-2), fen.at(-1)].map(Number) as [
    number,
    number,
    number,
  ]
  if (jiao === 0 && rest === 0) return `${sign}${yuan === '' ? '零' : yuan}元整`
  const whole = yuan === '' ? '' : `${yuan}元`
  const gap = whole !== '' && (one === 0 || jiao === 0) ? '零' : ''
  const jiaoWords = jiao > 0 ? `${digits[jiao]}角` : ''
  return `${sign}${whole}${gap}${jiaoWords}${rest > 0 ? `${digits[rest]}分` : ''}`
}
