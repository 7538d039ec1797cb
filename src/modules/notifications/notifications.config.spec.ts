import { describe, expect, it } from 'vitest';
import { notificationsConfig } from './notifications.config.js';

const SECRET = 'sixteen-chars-at-least';

function issuesOf(value: unknown): string[] {
  const result = notificationsConfig.schema.safeParse(value);
  return result.success ? [] : result.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
}

describe('notifications configuration', () => {
  it('sends nothing anywhere by default', () => {
    const config = notificationsConfig.schema.parse({});
    expect(config.console.enabled).toBe(false);
    expect(config.webhook).toEqual({});
    expect(config.alertmanager.urls).toEqual([]);
  });

  it.each([
    [{ webhook: { url: 'https://example.org/hook?token=x', secret: SECRET } }],
    [{ webhook: { url: 'http://127.0.0.1:9/x', secret: SECRET } }],
    [{ alertmanager: { urls: ['http://am-1:9093', 'http://am-2:9093/prefix/'], username: 'dsim', password: 'x' } }],
    [{ alertmanager: { urls: ['http://am-1:9093'], bearerToken: 'x' } }],
  ])('takes %j', (value) => {
    expect(issuesOf(value)).toEqual([]);
  });

  it.each([
    [{ webhook: { url: 'https://example.org' } }, 'webhook.secret is required with webhook.url'],
    [{ webhook: { url: 'https://example.org', secret: 'short' } }, 'webhook.secret'],
    [{ webhook: { url: 'example.org/hook', secret: SECRET } }, 'webhook.url'],
    [{ webhook: { url: 'file:///etc/passwd', secret: SECRET } }, 'webhook.url must begin with http:// or https://'],
    [{ webhook: { url: 'https://user:pass@example.org', secret: SECRET } }, 'webhook.url must not contain a user name'],
    [{ webhook: { url: 'https://example.org/#x', secret: SECRET } }, 'webhook.url must not contain a fragment'],
    [{ alertmanager: { urls: ['http://a:1', 'http://a:1'] } }, 'alertmanager.urls must not name an address twice'],
    [{ alertmanager: { urls: ['http://a:1/?x=1'] } }, 'alertmanager.urls must not contain a query'],
    [{ alertmanager: { urls: ['am:9093'] } }, 'alertmanager.urls.0 must begin with http:// or https://'],
    [
      { alertmanager: { bearerToken: 'x', username: 'y', password: 'z' } },
      'alertmanager.bearerToken contradicts username',
    ],
    [{ alertmanager: { username: 'y' } }, 'alertmanager.password and username belong together'],
    [{ alertmanager: { password: 'y' } }, 'alertmanager.password and username belong together'],
  ])('refuses %j', (value, expected) => {
    expect(issuesOf(value).join('\n')).toContain(expected);
  });
});
