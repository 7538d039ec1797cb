import { z } from 'zod';
import { PERMISSIONS } from '../../../platform/http/access.js';
import { pageOf } from '../../../platform/http/paging.js';
import { oneLine } from '../../../platform/http/text.js';
import { MAX_PASSWORD_LENGTH } from '../passwords/password-policy.js';
import { ROLE_NAMES } from '../users/roles.js';

const permission = z.enum(PERMISSIONS);
const password = z.string().min(1).max(MAX_PASSWORD_LENGTH);

export const loginRequest = z.strictObject({
  username: oneLine(z.string().min(1).max(64)),
  password,
});

export const loginResponse = z.object({
  accessToken: z.string().describe('JWT for `Authorization: Bearer`; pages use the cookie instead'),
  tokenType: z.literal('Bearer'),
  expiresIn: z.number().int().describe('Seconds'),
  user: z.object({
    id: z.string(),
    username: z.string(),
    role: z.enum(ROLE_NAMES),
    permissions: z.array(permission),
  }),
});

export const principalResponse = z.object({
  kind: z.enum(['user', 'api-token']),
  id: z.string(),
  name: z.string(),
  permissions: z.array(permission),
  environmentId: z.string().nullable().describe('Set when the token is bound to one environment'),
});

export const changePasswordRequest = z.strictObject({
  currentPassword: password,
  newPassword: z.string().max(MAX_PASSWORD_LENGTH).describe('At least 12 characters'),
});

export const createApiTokenRequest = z.strictObject({
  name: oneLine(z.string().trim().min(1).max(100)).describe('What uses it: `prometheus-berlin`'),
  permissions: z.array(permission).min(1).max(PERMISSIONS.length),
  environmentId: z.uuid().nullish().describe('Binds the token to one environment; needed for `POST /write`'),
  expiresAt: z.iso.datetime({ offset: true }).nullish().describe('Never, where left out'),
});

export const apiTokenResponse = z.object({
  id: z.string(),
  name: z.string(),
  prefix: z.string().describe('Public beginning of the token, to recognise it by'),
  permissions: z.array(permission),
  environmentId: z.string().nullable(),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable().describe('To about a minute'),
  expiresAt: z.iso.datetime().nullable(),
  revokedAt: z.iso.datetime().nullable(),
});

export const createdApiTokenResponse = apiTokenResponse.extend({
  token: z.string().describe('Shown only here: store it now'),
});

export const apiTokenPage = pageOf(apiTokenResponse);
export const apiTokenId = z.uuid();
