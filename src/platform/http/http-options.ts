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
  /** Folder of the built page. Default: `dist/web` of the installation. */
  readonly webRoot?: string;
}

/** Prefix of every route but health, metrics, documentation and the page. */
export const API_PREFIX = 'api/v1';
export const OUTSIDE_PREFIX = ['health/live', 'health/ready', 'health/startup', 'metrics'];
