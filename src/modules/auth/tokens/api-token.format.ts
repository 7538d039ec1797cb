import { createHash, randomBytes } from 'node:crypto';

/** `dsim_<16 hex digits: which token>_<64 hex digits: the secret>`. Easy to find for secret scanners. */
const FORMAT = /^dsim_([0-9a-f]{16})_([0-9a-f]{64})$/;

export interface ApiTokenParts {
  /** Public part; found in lists and logs. */
  readonly lookup: string;
  /** 256 random bits. */
  readonly secret: string;
}

export function generateApiToken(): ApiTokenParts {
  return { lookup: randomBytes(8).toString('hex'), secret: randomBytes(32).toString('hex') };
}

export function formatApiToken(parts: ApiTokenParts): string {
  return `dsim_${parts.lookup}_${parts.secret}`;
}

export function parseApiToken(text: string): ApiTokenParts | undefined {
  const match = FORMAT.exec(text);
  return match ? { lookup: match[1]!, secret: match[2]! } : undefined;
}

/** Whether a bearer token is meant to be one of ours rather than a session. */
export function looksLikeApiToken(text: string): boolean {
  return text.startsWith('dsim_');
}

/** Key of what we remember about a token: the token itself is kept nowhere. */
export function fingerprintOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
