import type { ComponentChildren } from 'preact';
import { ApiError } from '../api/problem';

export function Empty(props: { title: string; children?: ComponentChildren }) {
  return (
    <div class="card empty">
      <h2>{props.title}</h2>
      {props.children}
    </div>
  );
}

export function Loading() {
  return (
    <p class="muted" role="status">
      Loading…
    </p>
  );
}

/** Every failure says what the server said, field by field, and carries the id to look it up by. */
export function ErrorNote(props: { error: Error | undefined; retry?: () => void }) {
  if (!props.error) return null;
  const problem = props.error instanceof ApiError ? props.error.problem : undefined;
  // An issue with no place at all is what the message says already.
  const issues = problem?.errors?.filter(({ path, line }) => path !== '' || line !== undefined) ?? [];
  return (
    <div class="note bad" role="alert">
      {/* Where every mistake has its place, the message only repeats them. */}
      {issues.some(({ line }) => line !== undefined) ? 'The text has mistakes.' : props.error.message}
      {issues.map((issue) => (
        <div key={`${issue.line} ${issue.path} ${issue.message}`}>
          {issue.line !== undefined && `${issue.file}, line ${issue.line}, column ${issue.column}: `}
          {issue.path && <span class="mono">{issue.path}: </span>}
          {issue.message}
        </div>
      ))}
      {problem?.requestId && <div class="muted mono">request {problem.requestId}</div>}
      {props.retry && (
        <button class="quiet" onClick={props.retry}>
          Try again
        </button>
      )}
    </div>
  );
}
