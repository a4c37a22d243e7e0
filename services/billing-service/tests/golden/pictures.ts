// PDF pages as pictures and as text, by PDFium: another reader than the compiler that made them.
import { PDFiumLibrary } from '@hyzyla/pdfium'
import pixelmatch from 'pixelmatch'
import { PNG } from 'pngjs'

export interface ReadPage {
  readonly text: string
  readonly picture: PNG
}

/** Small on purpose: the pictures are kept in the repository. */
const scale = 0.55

/** Every page of a document. */
export async function readPages(pdf: Uint8Array): Promise<ReadPage[]> {
  const library = await PDFiumLibrary.init()
  try {
    const document = await library.loadDocument(pdf)
    const pages: ReadPage[] = []
    for (const page of document.pages()) {
      // Text first: rendering closes the page.
      const text = page.getText().replaceAll('\r\n', '\n')
      const { width, height, data } = await page.render({ scale, render: 'bitmap' })
      const picture = new PNG({ width, height })
      picture.data.set(data)
      pages.push({ text, picture })
    }
    document.destroy()
    return pages
  } finally {
    library.destroy()
  }
}

/** Share of the pixels that differ visibly, from 0 to 1; 1 for another size. */
export function difference(one: PNG, other: PNG): number {
  if (one.width !== other.width || one.height !== other.height) return 1
  const { width, height } = one
  const differing = pixelmatch(one.data, other.data, undefined, width, height, { threshold: 0.2 })
  return differing / (width * height)
}
