// Logos from outside: a PNG within limits, or an SVG freed of everything that is not drawing.
import sanitize from 'sanitize-html'
import type { BrandingLogo } from '../../core/branding.ts'
import { refuse } from '../../core/refusal.ts'

const pngBytesMax = 256 * 1024
const svgBytesMax = 128 * 1024
const pixelsMax = 2_000

const wrong = (message: string): never =>
  refuse('invalid_request', {}, [{ path: '/logo', message }])

const shapes = ['path', 'rect', 'circle', 'ellipse', 'line', 'polyline', 'polygon', 'stop']

const attributes = [
  ...['xmlns', 'viewBox', 'width', 'height', 'preserveAspectRatio', 'version', 'id', 'transform'],
  ...['d', 'x', 'y', 'x1', 'y1', 'x2', 'y2', 'cx', 'cy', 'r', 'rx', 'ry', 'fx', 'fy', 'points'],
  ...['fill', 'fill-opacity', 'fill-rule', 'stroke', 'stroke-width', 'stroke-opacity', 'opacity'],
  ...['stroke-linecap', 'stroke-linejoin', 'stroke-miterlimit', 'stroke-dasharray', 'clip-path'],
  ...['clip-rule', 'mask', 'offset', 'stop-color', 'stop-opacity', 'gradientUnits'],
  ...['gradientTransform', 'spreadMethod', 'clipPathUnits', 'maskUnits'],
]

/** A value may point into the drawing itself, and nowhere else. */
const isInside = (value: string): boolean =>
  !/url\s*\((?!\s*["']?#)|javascript:|data:|https?:(?!\/\/www\.w3\.org\/2000\/svg)|[<>&\\]/i.test(
    value,
  )

const options: sanitize.IOptions = {
  allowedTags: [
    ...[
      'svg',
      'g',
      'defs',
      'title',
      'desc',
      'linearGradient',
      'radialGradient',
      'clipPath',
      'mask',
    ],
    ...shapes,
  ],
  allowedAttributes: { '*': attributes },
  selfClosing: shapes,
  disallowedTagsMode: 'completelyDiscard',
  allowedSchemes: [],
  parser: { lowerCaseTags: false, lowerCaseAttributeNames: false },
  transformTags: {
    '*': (tagName, given) => {
      const attribs = Object.fromEntries(
        Object.entries(given).filter(([, value]) => isInside(value)),
      )
      return { tagName, attribs }
    },
  },
}

/** Reads a logo from the base64 of a file. Refuses `invalid_request`. */
export function logoFrom(base64: string): BrandingLogo {
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.subarray(0, 8).equals(pngSignature)) return pngFrom(bytes)
  const text = bytes.toString('utf8')
  return /<svg[\s>]/.test(text.slice(0, 4096))
    ? svgFrom(bytes, text)
    : wrong('must be a PNG or SVG file')
}

const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

function pngFrom(bytes: Buffer): BrandingLogo {
  if (bytes.length > pngBytesMax) wrong('a PNG may have at most 256 KB')
  if (bytes.length < 33) wrong('the PNG is cut off')
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)]
  if (width < 1 || height < 1 || width > pixelsMax || height > pixelsMax) {
    wrong(`a PNG may be at most ${pixelsMax} × ${pixelsMax}, this one is ${width} × ${height}`)
  }
  return { format: 'png', base64: bytes.toString('base64') }
}

function svgFrom(bytes: Buffer, text: string): BrandingLogo {
  if (bytes.length > svgBytesMax) wrong('an SVG may have at most 128 KB')
  const clean = sanitize(text, options).trim()
  if (!clean.startsWith('<svg') || !/viewBox=|width=/.test(clean)) {
    wrong('the SVG has no drawing with a size')
  }
  return { format: 'svg', base64: Buffer.from(clean).toString('base64') }
}
