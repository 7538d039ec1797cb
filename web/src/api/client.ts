import { ApiError, problemOf } from './problem';

export type Query = Readonly<Record<string, string | number | readonly (string | number)[] | undefined>>;

const TIMEOUT_MS = 20_000;
let onSignedOut: () => void = () => undefined;

/** Called when the server no longer knows our session. */
export function whenSignedOut(callback: () => void): void {
  onSignedOut = callback;
}

export function url(path: string, query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const item of Array.isArray(value) ? value : [value]) parameters.append(key, String(item));
  }
  const text = parameters.toString();
  return `/api/v1/${path}${text ? `?${text}` : ''}`;
}

export async function request<T>(
  method: string,
  path: string,
  options: { query?: Query; body?: unknown; headers?: Readonly<Record<string, string>>; signal?: AbortSignal } = {},
): Promise<T> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  let response: Response;
  try {
    response = await fetch(url(path, options.query), {
      method,
      credentials: 'same-origin',
      headers: { ...contentType(options.body), ...options.headers },
      body: options.body instanceof Blob ? options.body : JSON.stringify(options.body),
      signal: options.signal ? AbortSignal.any([options.signal, timeout]) : timeout,
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new ApiError({
      title: 'No answer',
      status: 0,
      detail: 'The server did not answer. It may be restarting; this page tries again by itself.',
    });
  }
  if (!response.ok) {
    const problem = await problemOf(response);
    if (response.status === 401 && path !== 'auth/login') onSignedOut();
    throw new ApiError(problem);
  }
  return (response.status === 204 ? undefined : await response.json()) as T;
}

function contentType(body: unknown): Record<string, string> {
  if (body === undefined) return {};
  return { 'content-type': body instanceof Blob ? 'application/octet-stream' : 'application/json' };
}

export const get = <T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> =>
  request<T>('GET', path, { query, signal });
export const post = <T>(path: string, body: unknown = {}): Promise<T> => request<T>('POST', path, { body });
export const patch = <T>(path: string, body: unknown): Promise<T> => request<T>('PATCH', path, { body });
export const remove = (path: string, query?: Query): Promise<void> => request<void>('DELETE', path, { query });
/** `version`: what the change was made to; the server refuses it where somebody was faster. */
export const put = <T>(path: string, body: unknown, version: number): Promise<T> =>
  request<T>('PUT', path, { body, headers: { 'if-match': `"${version}"` } });
export const undo = <T>(path: string): Promise<T> => request<T>('DELETE', path);
export const upload = <T>(path: string, query: Query, file: Blob): Promise<T> =>
  request<T>('POST', path, { query, body: file });
