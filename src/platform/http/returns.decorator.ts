import { HttpCode, applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';

/** Declares status and body of a route's success for Nest and OpenAPI in one place. */
export function Returns(status: number, schema?: z.ZodType, description = 'Success'): MethodDecorator {
  return applyDecorators(
    HttpCode(status),
    ApiResponse(schema ? { status, description, standardSchema: schema } : { status, description }),
  );
}
