import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { startHttp } from './detection-http.js';
import type { DetectionWorld } from './world.js';

export interface ModelBody {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly kind: string;
  readonly origin: string;
  readonly environmentId: string | null;
  readonly state: string;
  readonly reason: string | null;
  readonly metrics: Record<string, unknown>;
  readonly stages: readonly {
    readonly environmentId: string | null;
    readonly stage: string;
    readonly next: string | null;
    readonly rollBackTo: string | null;
    readonly mayRetire: boolean;
  }[];
  readonly code?: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

export interface Answer<Body = ModelBody> {
  readonly status: number;
  readonly body: Body;
}

/** The API of a process on the world's database. */
export class ModelsHttp {
  private constructor(readonly app: NestFastifyApplication) {}

  static async start(
    world: DetectionWorld,
    config: Parameters<DetectionWorld['imports']>[0] = {},
  ): Promise<ModelsHttp> {
    return new ModelsHttp(await startHttp(world, config));
  }

  async get<Body = ModelBody>(path: string, token = '*'): Promise<Answer<Body>> {
    const response = await this.app.inject({
      method: 'GET',
      url: `/api/v1/${path}`,
      headers: { authorization: `Bearer ${token}` },
    });
    return { status: response.statusCode, body: response.json() };
  }

  async post<Body = ModelBody>(path: string, body: object, token = '*'): Promise<Answer<Body>> {
    const response = await this.app.inject({
      method: 'POST',
      url: `/api/v1/${path}`,
      payload: body,
      headers: { authorization: `Bearer ${token}` },
    });
    return { status: response.statusCode, body: response.json() };
  }

  async upload(name: string, bytes: Buffer, query = '', headers: Record<string, string> = {}): Promise<Answer> {
    const response = await this.app.inject({
      method: 'POST',
      url: `/api/v1/models?name=${name}&why=test${query}`,
      payload: bytes,
      headers: { 'content-type': 'application/octet-stream', ...headers },
    });
    return { status: response.statusCode, body: response.json() };
  }

  async close(): Promise<void> {
    await this.app.close();
  }
}
