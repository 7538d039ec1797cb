import { useEffect, useRef, useState } from 'preact/hooks';
import { url } from '../api/client';

export type LiveState = 'connecting' | 'live' | 'offline';

const RETRY_MS = 3_000;

/** Follows the server's events of one environment (or all). Reconnects for as long as the page is open. */
export function useLive(
  types: readonly string[],
  onEvent: (type: string, payload: Record<string, unknown>) => void,
  environmentId?: string,
): LiveState {
  const [state, setState] = useState<LiveState>('connecting');
  const handler = useRef(onEvent);
  handler.current = onEvent;
  const typeKey = types.join(',');

  useEffect(() => {
    let source: EventSource | undefined;
    let retry: ReturnType<typeof setTimeout> | undefined;
    const connect = (): void => {
      source = new EventSource(url('live', { environmentId }));
      source.onopen = () => setState('live');
      source.onerror = () => {
        setState('offline');
        // The browser retries by itself unless the server refused; then we do.
        if (source?.readyState === EventSource.CLOSED) retry = setTimeout(connect, RETRY_MS);
      };
      for (const type of typeKey.split(',')) {
        source.addEventListener(type, (event) => {
          handler.current(type, JSON.parse((event as MessageEvent<string>).data) as Record<string, unknown>);
        });
      }
    };
    connect();
    return () => {
      clearTimeout(retry);
      source?.close();
    };
  }, [environmentId, typeKey]);
  return state;
}
