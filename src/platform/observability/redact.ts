const HIDDEN = '[redacted]';

/** Keys whose text is never logged: `authorization`, `dbPassword`, `access_token`, `x-api-key`, ... */
const SECRET_KEY =
  /(authorization|cookie|passw(or)?d|passphrase|secret|token|api[-_]?key|private[-_]?key|credentials?)$/i;

/** `scheme://user:password@host` anywhere in a text. */
const URL_PASSWORD = /([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s/@]+@/gi;

const DEEPEST = 6;

/** A text without passwords of addresses in it. */
export function redactText(text: string): string {
  return text.includes('://') ? text.replace(URL_PASSWORD, `$1:${HIDDEN}@`) : text;
}

/** A copy of a log entry without secrets. Errors are copied by the caller's serializer, not here. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (depth >= DEEPEST) return '[deep]';
  if (value instanceof Error || Buffer.isBuffer(value)) return value;
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  const copy: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    // Counts and flags (`tokens: 3`) tell nothing; only text and structures can.
    const hidden = SECRET_KEY.test(key) && item !== null && (typeof item === 'string' || typeof item === 'object');
    copy[key] = hidden ? HIDDEN : redact(item, depth + 1);
  }
  return copy;
}
