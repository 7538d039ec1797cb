import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

export interface Resource<T> {
  readonly data: T | undefined;
  readonly error: Error | undefined;
  readonly loading: boolean;
  readonly reload: () => void;
}

/**
 * Loads on mount, when `key` changes and every `everyMs`. Keeps the last good data while a reload fails, so that a page
 * stays readable during a restart of the server; pauses while the tab is hidden.
 */
export function useResource<T>(key: string, load: (signal: AbortSignal) => Promise<T>, everyMs?: number): Resource<T> {
  const [state, setState] = useState<{ key: string; data?: T; error?: Error; loading: boolean }>({
    key,
    loading: true,
  });
  const loader = useRef(load);
  loader.current = load;
  // What is asked for while an answer is awaited is asked for after it: whoever asks often would else never get one.
  const waiting = useRef(false);
  const again = useRef(false);
  const [turn, setTurn] = useState(0);
  const reload = useCallback(() => {
    if (waiting.current) again.current = true;
    else setTurn((count) => count + 1);
  }, []);

  useEffect(() => {
    const controller = new AbortController();
    waiting.current = true;
    again.current = false;
    const settle = (): void => {
      waiting.current = false;
      if (again.current) reload();
    };
    setState((before) => (before.key === key ? { ...before, loading: true } : { key, loading: true }));
    loader.current(controller.signal).then(
      (data) => {
        if (controller.signal.aborted) return;
        setState({ key, data, loading: false });
        settle();
      },
      (error: unknown) => {
        if (controller.signal.aborted) return;
        const failure = error instanceof Error ? error : new Error(String(error));
        setState((before) => ({ ...before, key, error: failure, loading: false }));
        settle();
      },
    );
    return () => controller.abort();
  }, [key, turn, reload]);

  useEffect(() => {
    if (everyMs === undefined) return undefined;
    const timer = setInterval(() => {
      if (!document.hidden && !waiting.current) reload();
    }, everyMs);
    return () => clearInterval(timer);
  }, [everyMs, reload]);

  const current = state.key === key ? state : { loading: true, data: undefined, error: undefined };
  return { data: current.data, error: current.error, loading: current.loading, reload };
}
