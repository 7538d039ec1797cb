import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { HTTP_OPTIONS, type HttpApplicationOptions } from './http-options.js';
import { ProblemFilter } from './problem.filter.js';
import { ShutdownState } from './shutdown-state.js';
import { ValidationPipe } from './validation.pipe.js';

/** Imported before every other module by `createHttpApplication`, so that its guard is the first to run. */
@Module({})
export class HttpModule {
  static register(options: HttpApplicationOptions): DynamicModule {
    return {
      module: HttpModule,
      global: true,
      providers: [
        { provide: HTTP_OPTIONS, useValue: options },
        ShutdownState,
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_PIPE, useClass: ValidationPipe },
      ],
      exports: [HTTP_OPTIONS, ShutdownState],
    };
  }
}
