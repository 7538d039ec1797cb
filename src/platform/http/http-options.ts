import type { LoggerService } from '@nestjs/common';
import type { ConfigOf } from '../config/define-config.js';
import type { ModuleContext } from '../registry/module-definition.js';
import type { httpConfig } from './http.config.js';

export type HttpConfig = ConfigOf<typeof httpConfig>;

/** Injection token of the options the application was created with. */
export const HTTP_OPTIONS = 'HTTP_OPTIONS';

export interface HttpApplicationOptions {
  readonly context: ModuleContext;
  readonly config: HttpConfig;
  readonly logger?: LoggerService | false;
  /** An ioredis client; where given, request limits are counted for all processes together. */
  readonly redis?: object;
  /** Folder of the built page. Default: `dist/web` of the installation. */
  readonly webRoot?: string;
  /** Plugins that must see every request from its start, such as tracing. Registered before anything else. */
  readonly firstPlugins?: readonly FirstPlugin[];
}

/** A Fastify plugin, kept untyped here so that tracing needs no import of ours and we none of it. */
export type FirstPlugin = (instance: never, options: never, done: (error?: Error) => void) => void;

/** Prefix of every route but health, metrics, documentation and the page. */
export const API_PREFIX = 'api/v1';
export const OUTSIDE_PREFIX = ['health/live', 'health/ready', 'health/startup', 'metrics'];
