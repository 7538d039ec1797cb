import { z } from 'zod';
import { defineConfig } from '../../platform/config/define-config.js';

const WEAK_SECRET = /^(.)\1*$|change-?me|secret-?key|password|example/i;

export const authConfig = defineConfig({
  key: 'auth',
  title: 'Authentication',
  description: 'The first administrator, sessions, API tokens, and how failed logins are slowed down.',
  schema: z.object({
    adminUsername: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/, 'use 1 to 64 letters, digits, dots, underscores, hyphens or @')
      .default('admin')
      .describe('Name of the administrator that is created at the first start'),
    adminPassword: z
      .string()
      .min(12, 'use at least 12 characters')
      .max(256)
      .optional()
      .meta({ secret: true })
      .describe(
        'Password of that administrator. Without it a random one is printed once. It also replaces a random one that nobody has changed yet',
      ),
    jwtSecret: z
      .string()
      .min(32, 'use at least 32 random characters, for example from: openssl rand -base64 48')
      .refine((text) => !WEAK_SECRET.test(text), 'this is a well-known value; make one with: openssl rand -base64 48')
      .optional()
      .meta({ secret: true, requiredInProduction: true })
      .describe(
        'Key that signs sessions, the same on every pod. Without it (not in production) one is made and kept in the database',
      ),
    jwtIssuer: z.string().min(1).default('devops-simulator').describe('Issuer that sessions carry and must carry'),
    sessionSeconds: z
      .number()
      .int()
      .min(300)
      .max(2_592_000)
      .default(43_200)
      .describe('How long a session lasts after login, in seconds'),
    secureCookies: z
      .boolean()
      .optional()
      .describe(
        'Whether the session cookie is sent over HTTPS only. Default: true, in the development profile false. Browsers count http://localhost as secure',
      ),
    apiTokenCacheSeconds: z
      .number()
      .int()
      .min(0)
      .max(60)
      .default(30)
      .describe(
        'How long a process trusts an API token it has verified, in seconds. A token revoked through another pod works at most this long',
      ),
    sessionCacheSeconds: z
      .number()
      .int()
      .min(0)
      .max(60)
      .default(5)
      .describe(
        'How long a process trusts a session it has looked up, in seconds. A logout through another pod is honoured within this time',
      ),
    freeLoginAttempts: z
      .number()
      .int()
      .min(1)
      .max(100)
      .default(5)
      .describe('Failed logins of one user from one address before each further try must wait'),
    maxLoginDelaySeconds: z
      .number()
      .int()
      .min(1)
      .max(86_400)
      .default(900)
      .describe('Longest such wait, in seconds. It starts at one second and doubles with each failure'),
  }),
});
