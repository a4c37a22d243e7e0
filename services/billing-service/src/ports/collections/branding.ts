// How documents look, version by version. Of the deployment: an issuer's choice, for all tenants or one.
import type { Branding } from '../../core/branding.ts'
import { declare } from './declare.ts'

export const brandingCollections = {
  brandings: declare<Branding>({
    scope: 'system',
    table: 'brandings',
    fields: {
      id: 'text',
      scope: 'text',
      revision: 'integer',
      current: 'boolean',
      inherits: 'boolean',
      logo: 'json?',
      accent: 'text?',
      footer: 'text?',
      terms: 'text?',
      numberLead: 'text',
      numberDigits: 'integer',
      template: 'text?',
      createdAt: 'instant',
      createdBy: 'text',
    },
    key: ['id'],
    unique: [['scope', 'revision']],
    indexes: [
      ['current', 'scope', 'id'],
      ['scope', 'revision', 'id'],
    ],
  }),
} as const
