import type { z } from 'zod';
import { FAULT_KINDS } from '../fault.types.js';
import { hint } from '../text/suggest.js';
import type { Path } from '../text/tree.types.js';
import { UNKNOWN_KIND } from './fault.schema.js';
import { shown } from './advice.js';

/** What a user reads about one zod issue. `at`: show it at the key, as the key itself is wrong. */
export interface Finding {
  readonly path: Path;
  readonly message: string;
  readonly at: 'value' | 'key';
}

export function findingsOf(issues: readonly z.core.$ZodIssue[], before: Path): Finding[] {
  return issues.flatMap((issue) => findings(issue, before));
}

function findings(issue: z.core.$ZodIssue, before: Path): Finding[] {
  const path: Path = [...before, ...issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))];
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = issue.message.split(' ');
      return issue.keys.map((key) => ({ path: [...path, key], message: `unknown key${hint(key, known)}`, at: 'key' }));
    }
    case 'invalid_union':
      if (issue.errors.length > 0) return union(issue, path);
      if (issue.message === UNKNOWN_KIND) return [{ path, message: faultKind(issue.input, path), at: 'value' }];
      return [{ path, message: issue.message, at: 'value' }];
    case 'custom':
      return [{ path, message: issue.message, at: issue.params?.['at'] === 'key' ? 'key' : 'value' }];
    case 'invalid_key':
      return [{ path, message: `this name ${issue.issues[0]?.message ?? issue.message}`, at: 'key' }];
    case 'invalid_type':
      return [
        { path, message: issue.input === undefined ? `is missing; ${issue.message}` : issue.message, at: 'value' },
      ];
    default:
      return [{ path, message: issue.message, at: 'value' }];
  }
}

/** Of the forms that a value may have, the author meant the one that it comes closest to. */
function union(issue: z.core.$ZodIssueInvalidUnion, path: Path): Finding[] {
  if (issue.input === undefined)
    return [
      { path, message: `is missing${issue.message === 'Invalid input' ? '' : `; ${issue.message}`}`, at: 'value' },
    ];
  const likely = issue.errors.filter((errors) => !errors.some(isOtherType));
  if (likely.length === 0) {
    const wanted = issue.message === 'Invalid input' ? messagesOf(issue.errors) : issue.message;
    return [{ path, message: wanted, at: 'value' }];
  }
  const best = likely.reduce((a, b) => (distance(b) < distance(a) ? b : a));
  return findingsOf(best, path);
}

function isOtherType(issue: z.core.$ZodIssue): boolean {
  if (issue.path.length > 0) return false;
  if (issue.code === 'invalid_union')
    return issue.errors.length > 0 && issue.errors.every((errors) => errors.some(isOtherType));
  return issue.code === 'invalid_type';
}

/** Keys that are too many or missing at the top weigh more than a wrong value below. */
function distance(issues: readonly z.core.$ZodIssue[]): number {
  return issues.reduce((sum, issue) => {
    if (issue.code === 'unrecognized_keys') return sum + 10 * issue.keys.length;
    return sum + (issue.code === 'invalid_type' && issue.input === undefined && issue.path.length === 1 ? 10 : 1);
  }, 0);
}

function messagesOf(branches: readonly (readonly z.core.$ZodIssue[])[]): string {
  const all = branches.flatMap((errors) =>
    errors.filter((each) => each.path.length === 0).map(({ message }) => message),
  );
  return [...new Set(all)].join(', or ');
}

function faultKind(input: unknown, path: Path): string {
  const kind =
    typeof input === 'object' && input !== null && path.at(-1) === 'kind' ? (input as { kind?: unknown }).kind : input;
  if (typeof kind !== 'string') return `${UNKNOWN_KIND}: ${Object.keys(FAULT_KINDS).join(', ')}`;
  const near = hint(kind, Object.keys(FAULT_KINDS));
  return `there is no kind of fault ${shown(kind)}${near.startsWith('; did') ? near : `; there is ${Object.keys(FAULT_KINDS).join(', ')}`}`;
}
