import { WeakPasswordError } from '../auth.errors.js';

export const MIN_PASSWORD_LENGTH = 12;
export const MAX_PASSWORD_LENGTH = 256;

/** Length is what counts (NIST SP 800-63B, 5.1.1.2); these are only the words that anybody would try first. */
const GUESSED_FIRST = [
  'devopssimulator',
  'administrator',
  'qwertyuiop',
  'password',
  'changeme',
  'welcome',
  'letmein',
  'passwd',
  'qwerty',
  'secret',
  'admin',
  'asdf',
  'abc',
];

/** Throws `auth.weak_password` with what is wrong. */
export function assertStrongPassword(password: string, username: string): void {
  if ([...password].length < MIN_PASSWORD_LENGTH) {
    throw new WeakPasswordError(`must have at least ${MIN_PASSWORD_LENGTH} characters`);
  }
  if (password.length > MAX_PASSWORD_LENGTH) {
    throw new WeakPasswordError(`must have at most ${MAX_PASSWORD_LENGTH} characters`);
  }
  if (new Set(password.toLowerCase()).size < 5) throw new WeakPasswordError('repeats too few characters');
  if (username.length >= 4 && password.toLowerCase().includes(username.toLowerCase())) {
    throw new WeakPasswordError('must not contain the username');
  }
  if (isGuessedFirst(password)) throw new WeakPasswordError('is among the first that anybody would guess');
}

/** Only such words, however often and whatever digits and signs stand between them. */
function isGuessedFirst(password: string): boolean {
  if (/^\d+$/.test(password)) return true;
  const letters = password.toLowerCase().replace(/[^\p{L}]/gu, '');
  const rest = GUESSED_FIRST.reduce((text, word) => text.replaceAll(word, ''), letters);
  return letters !== '' && rest === '';
}
