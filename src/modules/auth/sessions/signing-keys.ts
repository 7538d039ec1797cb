import { createHash, createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectConfig, type ConfigOf } from '../../../platform/config/define-config.js';
import { Database } from '../../../platform/database/database.js';
import { authConfig } from '../auth.config.js';

export interface SigningKey {
  /** `kid` of the JWT header: says which key signed, tells nothing about it. */
  readonly id: string;
  /** A key rather than its text: jsonwebtoken would try to read a text as a PEM file first, at every request. */
  readonly key: KeyObject;
}

const SECRET_NAME = 'jwt';

/** The key that signs sessions: configured, or made once and kept in the database so that all processes agree. */
@Injectable()
export class SigningKeys {
  private loading: Promise<SigningKey> | undefined;

  constructor(
    @InjectConfig(authConfig) private readonly config: ConfigOf<typeof authConfig>,
    private readonly db: Database,
  ) {}

  current(): Promise<SigningKey> {
    this.loading ??= this.load().catch((error: unknown) => {
      this.loading = undefined;
      throw error;
    });
    return this.loading;
  }

  async byId(id: string): Promise<SigningKey | undefined> {
    const key = await this.current();
    return key.id === id ? key : undefined;
  }

  private async load(): Promise<SigningKey> {
    const secret = this.config.jwtSecret ?? (await this.stored());
    const id = createHash('sha256').update(`dsim-jwt-kid:${secret}`).digest('hex').slice(0, 16);
    return { id, key: createSecretKey(secret, 'utf8') };
  }

  private async stored(): Promise<string> {
    await this.db.query(`INSERT INTO auth_secrets (name, secret) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`, [
      SECRET_NAME,
      randomBytes(48).toString('base64url'),
    ]);
    const [row] = await this.db.query<{ secret: string }>(`SELECT secret FROM auth_secrets WHERE name = $1`, [
      SECRET_NAME,
    ]);
    if (!row) throw new Error('the signing key in auth_secrets disappeared while it was being read');
    return row.secret;
  }
}
