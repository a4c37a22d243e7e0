import { HttpRefusal } from '@quittance/http-kit/refusal'
import { expect, it } from 'vitest'
import { refuseReserved } from './reserved-texts.ts'

it('a text that would be read as an encrypted value is refused wherever it stands, with its place', () => {
  const body = { name: 'Harbour', metadata: { note: [`encrypted:1:${'a'.repeat(22)}:AAAA`] } }
  expect(() => refuseReserved(body)).toThrow(HttpRefusal)
  try {
    refuseReserved(body)
  } catch (error) {
    expect((error as HttpRefusal).errors).toMatchObject([{ path: '/metadata/note/0' }])
  }
})

it('other texts with the word pass', () => {
  expect(() => refuseReserved({ note: 'encrypted: see the manual', more: [null, 3] })).not.toThrow()
})
