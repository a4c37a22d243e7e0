// Encrypts what a deployment stored in clear before it had a key file, and takes older master keys out of use.
import { encryptExisting } from '@quittance/billing-service/adapters/encryption/encrypt-existing'
import { readKeyFile } from '@quittance/billing-service/adapters/encryption/key-file'
import { withEncryption } from '@quittance/billing-service/adapters/encryption/open'
import { type Config, loadConfig } from '@quittance/billing-service/config'
import { openPlainStore } from '@quittance/billing-service/main'
import { exitCodes, Problem, type Run } from './command.ts'
import { stopInOrder } from './lifetime.ts'
import { openDatabaseOf } from './surroundings.ts'
import { say, warn } from './terminal.ts'

/** The embedded database as its owner reaches it; one of your own is in the configuration. */
async function openEmbedded(config: Config) {
  if (config.database !== null) return { url: undefined, parts: [] }
  const { urls, parts } = await openDatabaseOf(config)
  return { url: urls.databaseUrl, parts }
}

export const runEncrypt: Run = async ({ env, on }) => {
  const config = loadConfig(env)
  if (config.personalKeyFile === null) {
    throw new Problem('PERSONAL_KEY_FILE is not set: there is no key to encrypt with.')
  }
  const masters = readKeyFile(config.personalKeyFile)
  const { url, parts } = await openEmbedded(config)
  try {
    const plain = await openPlainStore({ config, embeddedOwnerUrl: url })
    try {
      const encrypting = await withEncryption(plain, masters, Date.now)
      const counts = await encryptExisting(plain, encrypting, masters)
      if (on('json')) say(JSON.stringify({ ...counts, masterKey: masters.first }))
      else {
        say(
          `${counts.rows} rows were encrypted, ${counts.keys} keys are now under ${masters.first}.`,
        )
      }
    } finally {
      await plain.close()
    }
  } finally {
    await stopInOrder(parts, warn)
  }
  return exitCodes.ok
}
