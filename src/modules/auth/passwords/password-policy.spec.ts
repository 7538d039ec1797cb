import { describe, expect, it } from 'vitest';
import { assertStrongPassword } from './password-policy.js';

describe('assertStrongPassword', () => {
  it.each([
    'correct horse battery staple',
    'пароль подлиннее',
    'Tr0ub4dor&3xyz',
    '🐎🔋📎🦄🌵🍕🚲🎻🧊🛶🪁🧭',
    'my passwords are long',
    '7f3c-19e2-55d0-8a41',
  ])('accepts %s', (password) => {
    expect(() => assertStrongPassword(password, 'admin')).not.toThrow();
  });

  it.each([
    ['elevenchars', 'at least 12'],
    // Twelve UTF-16 units, but six characters.
    ['🐎🔋📎🦄🌵🍕', 'at least 12'],
    [`${'ab12cd'.repeat(43)}`, 'at most 256'],
    ['121212121212', 'too few'],
    ['I am the ADMIN here', 'username'],
    ['Password123456', 'guess'],
    ['passwordpassword', 'guess'],
    ['qwerty-changeme-2026!', 'guess'],
    ['135792468013', 'guess'],
  ])('refuses %s', (password, reason) => {
    expect(() => assertStrongPassword(password, 'admin')).toThrow(reason);
  });

  it('does not mind a very short username in it', () => {
    expect(() => assertStrongPassword('correct horse battery', 'at')).not.toThrow();
  });
});
