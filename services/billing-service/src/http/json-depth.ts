// How deep a body may be nested. Nothing in the interface is deep, and what walks a value level by level must not
// run out of stack.
import { HttpRefusal } from '@quittance/http-kit/refusal'

const depthMax = 32

const [quote, backslash, brace, braceEnd, bracket, bracketEnd] = [...'"\\{}[]'].map(letter =>
  letter.charCodeAt(0),
)

/** Whether a JSON text opens more than 32 brackets within each other; brackets inside texts do not count. */
export function isTooDeep(text: string): boolean {
  let depth = 0
  let quoted = false
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charCodeAt(at)
    if (letter === quote) quoted = !quoted
    else if (quoted) at += letter === backslash ? 1 : 0
    else if (letter === brace || letter === bracket) depth += 1
    else if (letter === braceEnd || letter === bracketEnd) depth -= 1
    if (depth > depthMax) return true
  }
  return false
}

/** The refusal of such a body. */
export const nestedTooDeep = (): HttpRefusal =>
  new HttpRefusal('invalid_request', {}, [
    {
      path: '',
      message: `The body is nested deeper than ${depthMax} levels.`,
      messageZh: `请求内容嵌套超过 ${depthMax} 层。`,
    },
  ])
