// How documents look. With X-Tenant-Id for that tenant, without it for all tenants of the issuer.
import { Type } from 'typebox'
import { route } from '../route.ts'
import { Branding, BrandingInput } from '../schemas/branding.ts'
import { strict } from './list-query.ts'

export const brandingRoutes = {
  getBranding: route({
    method: 'GET',
    path: '/branding',
    tag: 'Branding',
    summary: 'The newest version: of a tenant with X-Tenant-Id, else of the issuer',
    permission: 'operations.manage',
    tenant: false,
    status: 200,
    reply: Branding,
    refusals: [],
  }),
  putBranding: route({
    method: 'PUT',
    path: '/branding',
    tag: 'Branding',
    summary: 'Store a new version; documents that are issued keep theirs',
    permission: 'operations.manage',
    tenant: false,
    printsAccount: true,
    body: BrandingInput,
    status: 200,
    reply: Branding,
    refusals: [],
  }),
  listBrandingVersions: route({
    method: 'GET',
    path: '/branding/versions',
    tag: 'Branding',
    summary: 'All versions, newest first',
    permission: 'operations.manage',
    tenant: false,
    status: 200,
    reply: Type.Object({ data: Type.Array(Branding) }, strict),
    refusals: [],
  }),
  previewBranding: route({
    method: 'POST',
    path: '/branding/preview',
    tag: 'Branding',
    summary: 'An example invoice as PDF, as these terms would print it; nothing is stored',
    permission: 'operations.manage',
    tenant: false,
    safe: true,
    printsAccount: true,
    body: Type.Object(
      {
        ...BrandingInput.properties,
        lang: Type.Optional(Type.Union([Type.Literal('en'), Type.Literal('zh-CN')])),
      },
      strict,
    ),
    status: 200,
    reply: null,
    media: 'application/pdf',
    refusals: [],
  }),
} as const
