import { z } from 'zod';
import { defineConfig } from '../../platform/config/define-config.js';

/** Anything else would show a secret in logs (credentials), or never arrive (other schemes). */
const address = z.url().superRefine((text, context) => {
  if (!URL.canParse(text)) return;
  const url = new URL(text);
  if (!['http:', 'https:'].includes(url.protocol)) {
    context.addIssue({ code: 'custom', message: 'must begin with http:// or https://' });
  }
  if (url.username !== '' || url.password !== '') {
    context.addIssue({
      code: 'custom',
      message: 'must not contain a user name or password; use the settings made for them',
    });
  }
  if (url.hash !== '') context.addIssue({ code: 'custom', message: 'must not contain a fragment (#...)' });
});

const webhook = z
  .object({
    url: address.optional().describe('Where to post incident events as signed JSON; unset: nowhere'),
    secret: z
      .string()
      .min(16)
      .optional()
      .meta({ secret: true })
      .describe('Key of the HMAC-SHA256 signature, at least 16 characters; required with the URL'),
  })
  .superRefine(({ url, secret }, context) => {
    if (url !== undefined && secret === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['secret'],
        message: 'is required with webhook.url, so that receivers can trust what arrives',
      });
    }
  });

const alertmanager = z
  .object({
    urls: z
      .array(address)
      .default([])
      .describe('Base addresses of Alertmanagers, all members of a cluster; alerts go to <address>/api/v2/alerts'),
    bearerToken: z.string().min(1).optional().meta({ secret: true }).describe('Bearer token for Alertmanager'),
    username: z.string().min(1).optional().describe('User name for basic authentication at Alertmanager'),
    password: z
      .string()
      .optional()
      .meta({ secret: true })
      .describe('Password for basic authentication at Alertmanager'),
  })
  .superRefine(({ urls, bearerToken, username, password }, context) => {
    const issue = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (new Set(urls).size !== urls.length) issue('urls', 'must not name an address twice');
    if (urls.some((url) => URL.canParse(url) && new URL(url).search !== ''))
      issue('urls', 'must not contain a query (?...)');
    if (bearerToken !== undefined && username !== undefined)
      issue('bearerToken', 'contradicts username: choose one of them');
    if ((username === undefined) !== (password === undefined))
      issue('password', 'and username belong together: set both or none');
  });

export const notificationsConfig = defineConfig({
  key: 'notifications',
  title: 'Notifications',
  description: 'Where incident events are sent. Nothing is sent anywhere that is not configured here.',
  schema: z.object({
    console: z
      .object({ enabled: z.boolean().default(false).describe('Whether incident events are warnings in our own log') })
      .prefault({})
      .describe('Warnings in the log'),
    webhook: webhook.prefault({}).describe('Generic signed webhook'),
    alertmanager: alertmanager.prefault({}).describe('Alertmanager API v2'),
    timeoutSeconds: z.number().min(0.1).max(60).default(10).describe('How long a receiver may take to answer'),
    retryHours: z.number().min(0).max(48).default(4).describe('How long a failing delivery is tried again'),
    keepDays: z.number().int().min(1).max(365).default(30).describe('How long finished deliveries stay listed'),
  }),
});
