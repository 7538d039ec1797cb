import { Injectable, StandardSchemaValidationPipe, type ArgumentMetadata } from '@nestjs/common';
import type { FieldIssue } from '../../kernel/errors.js';
import { InvalidRequestError } from './http.errors.js';

type PathSegment = PropertyKey | { readonly key: PropertyKey };

/** `['series', 3, 'samples']` is `series[3].samples`. */
export function formatPath(path: readonly PathSegment[]): string {
  let text = '';
  for (const segment of path) {
    const key = typeof segment === 'object' ? segment.key : segment;
    if (typeof key === 'number') text += `[${key}]`;
    else text += text === '' ? String(key) : `.${String(key)}`;
  }
  return text;
}

/** Checks `@Body/@Query/@Param({ schema })` and answers with the path of every bad field. */
@Injectable()
export class ValidationPipe extends StandardSchemaValidationPipe {
  constructor() {
    super({
      exceptionFactory: (issues) =>
        new InvalidRequestError(
          issues.map((issue) => ({ path: formatPath(issue.path ?? []), message: issue.message })),
        ),
    });
  }

  override async transform<T>(value: T, metadata: ArgumentMetadata): Promise<T> {
    try {
      return await super.transform(value, metadata);
    } catch (error) {
      // `@Param('id', { schema })` checks a bare value: its path is the parameter's own name.
      if (error instanceof InvalidRequestError && metadata.data) {
        throw new InvalidRequestError(error.issues.map((issue) => within(metadata.data!, issue)));
      }
      throw error;
    }
  }
}

function within(name: string, issue: FieldIssue): FieldIssue {
  if (issue.path === '') return { path: name, message: issue.message };
  return { path: `${name}${issue.path.startsWith('[') ? '' : '.'}${issue.path}`, message: issue.message };
}
