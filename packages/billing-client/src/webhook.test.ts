import { describe, expect, it } from 'vitest'
import { verifyWebhook } from './webhook.ts'

/** The example of the Standard Webhooks specification. */
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const body = '{"test": 2432232314}'
const seconds = 1_614_265_330
const headers = {
  'Webhook-Id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  'Webhook-Timestamp': String(seconds),
  'Webhook-Signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
}
const now = seconds * 1000
const other = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD'

const verify = (more: object = {}) => verifyWebhook({ body, headers, secret, now, ...more })

describe('verifying a webhook', () => {
  it('takes the example of the specification', async () => {
    expect(await verify()).toEqual({ test: 2_432_232_314 })
    expect(await verify({ headers: new Headers(headers) })).toEqual({ test: 2_432_232_314 })
  })

  it('takes any of 2 secrets and any of 2 signatures while one is replaced', async () => {
    await verify({ secret: [other, secret] })
    const two = `v1,AAAA v1a,zzz ${headers['Webhook-Signature']}`
    await verify({ headers: { ...headers, 'Webhook-Signature': two } })
  })

  it.each([
    ['another secret', { secret: other }, 'signature_wrong'],
    ['another body', { body: `${body} ` }, 'signature_wrong'],
    ['another id', { headers: { ...headers, 'Webhook-Id': 'msg_2' } }, 'signature_wrong'],
    ['no signature', { headers: { ...headers, 'Webhook-Signature': '' } }, 'header_missing'],
    ['garbage', { headers: { ...headers, 'Webhook-Signature': 'v1,%%%' } }, 'signature_wrong'],
    [
      'another scheme',
      { headers: { ...headers, 'Webhook-Signature': 'v2,AA==' } },
      'signature_wrong',
    ],
    ['301 s later', { now: now + 301_000 }, 'too_old'],
    ['301 s before', { now: now - 301_000 }, 'too_new'],
    ['no time', { headers: { ...headers, 'Webhook-Timestamp': 'soon' } }, 'too_old'],
  ])('refuses %s', async (_name, more, code) => {
    await expect(verify(more)).rejects.toMatchObject({ code })
  })
})
