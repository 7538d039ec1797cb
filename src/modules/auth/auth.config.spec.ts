import { describe, expect, it } from 'vitest';
import { authConfig } from './auth.config.js';

describe('authConfig', () => {
  it('needs nothing', () => {
    expect(authConfig.schema.parse({})).toEqual({
      adminUsername: 'admin',
      jwtIssuer: 'devops-simulator',
      sessionSeconds: 43_200,
      apiTokenCacheSeconds: 30,
      sessionCacheSeconds: 5,
      freeLoginAttempts: 5,
      maxLoginDelaySeconds: 900,
    });
  });

  it.each([
    [{ jwtSecret: 'short' }],
    [{ jwtSecret: 'a'.repeat(64) }],
    [{ jwtSecret: 'change-me-change-me-change-me-change-me' }],
    [{ jwtSecret: 'your-very-long-secret-key-goes-here-please' }],
    [{ adminPassword: 'admin' }],
    [{ adminUsername: 'ad min' }],
    // A revoked token must stop working within a minute.
    [{ apiTokenCacheSeconds: 61 }],
  ])('refuses %j', (value) => {
    expect(authConfig.schema.safeParse(value).success).toBe(false);
  });
});
