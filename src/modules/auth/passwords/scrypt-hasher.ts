import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';
import { promisify } from 'node:util';
import { Injectable } from '@nestjs/common';
import { HashingOverloadedError } from '../auth.errors.js';

const scryptAsync = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/** Cost of scrypt: N = 2^log2N, block size r, parallelism p. Memory is 128 * N * r bytes. */
export interface ScryptCost {
  readonly log2N: number;
  readonly r: number;
  readonly p: number;
}

/** OWASP Password Storage Cheat Sheet: N=2^15, r=8, p=3 (32 MiB). */
export const PASSWORD_COST: ScryptCost = { log2N: 15, r: 8, p: 3 };
/** A token's secret has 256 random bits: guessing is out of the question, so the cost can be small (4 MiB). */
export const TOKEN_COST: ScryptCost = { log2N: 12, r: 8, p: 1 };

const KEY_BYTES = 32;
const SALT_BYTES = 16;

/** Costs as much to check as a real password's hash, and no password has it. */
export const UNMATCHED_PASSWORD_HASH = encode(PASSWORD_COST, Buffer.alloc(SALT_BYTES), Buffer.alloc(KEY_BYTES));

const ENCODED = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/;
/** Hashes run on libuv's four threads and take 32 MiB each: two at once leave threads and memory for the rest. */
const MAX_RUNNING = 2;
const MAX_WAITING = 64;

/** Hashes in PHC string format: `$scrypt$ln=15,r=8,p=3$salt$hash`. Cost is read from the hash, so it can be raised. */
@Injectable()
export class ScryptHasher {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  async hash(text: string, cost: ScryptCost): Promise<string> {
    const salt = randomBytes(SALT_BYTES);
    const key = await this.derive(text, salt, cost);
    return encode(cost, salt, key);
  }

  /** False for a wrong text and for a hash we cannot read. Compares in constant time. */
  async verify(text: string, encoded: string): Promise<boolean> {
    const parsed = parse(encoded);
    if (!parsed) return false;
    const key = await this.derive(text, parsed.salt, parsed.cost);
    return timingSafeEqual(key, parsed.key);
  }

  /** Whether the hash was made at another cost than today's. */
  isOutdated(encoded: string, cost: ScryptCost): boolean {
    const parsed = parse(encoded);
    return !parsed || parsed.cost.log2N !== cost.log2N || parsed.cost.r !== cost.r || parsed.cost.p !== cost.p;
  }

  private async derive(text: string, salt: Buffer, cost: ScryptCost): Promise<Buffer> {
    await this.enter();
    try {
      const n = 2 ** cost.log2N;
      return await scryptAsync(text.normalize('NFKC'), salt, KEY_BYTES, {
        N: n,
        r: cost.r,
        p: cost.p,
        maxmem: 128 * cost.r * (n + cost.p) + 1_048_576,
      });
    } finally {
      this.leave();
    }
  }

  private async enter(): Promise<void> {
    if (this.running < MAX_RUNNING) {
      this.running += 1;
      return;
    }
    if (this.waiting.length >= MAX_WAITING) throw new HashingOverloadedError();
    // The one that leaves hands its place over, so `running` stays as it is.
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  private leave(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.running -= 1;
  }
}

function parse(encoded: string): { cost: ScryptCost; salt: Buffer; key: Buffer } | undefined {
  const match = ENCODED.exec(encoded);
  if (!match) return undefined;
  const cost = { log2N: Number(match[1]), r: Number(match[2]), p: Number(match[3]) };
  // A hash from a tampered table must not be able to ask for gigabytes.
  const sane = cost.log2N >= 1 && cost.log2N <= 18 && cost.r >= 1 && cost.r <= 16 && cost.p >= 1 && cost.p <= 16;
  return sane ? { cost, salt: Buffer.from(match[4]!, 'base64'), key: Buffer.from(match[5]!, 'base64') } : undefined;
}

function encode(cost: ScryptCost, salt: Buffer, key: Buffer): string {
  return `$scrypt$ln=${cost.log2N},r=${cost.r},p=${cost.p}$${base64(salt)}$${base64(key)}`;
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
