import { useEffect, useRef, useState } from 'preact/hooks';
import { url } from '../api/client';
import { type LiveState, LiveStream, type Source } from './live-stream';

const stream = new LiveStream(() => new EventSource(url('live')) as unknown as Source);
document.addEventListener('visibilitychange', () => stream.setVisible(!document.hidden));

/** Calls back when something of these types happened to the environment (or any), or may have while we were away. */
export function useLive(types: readonly string[], onChange: () => void, environmentId?: string): LiveState {
  const [state, setState] = useState<LiveState>('connecting');
  const handler = useRef(onChange);
  handler.current = onChange;
  const typeKey = types.join(',');

  useEffect(
    () =>
      stream.listen({
        types: typeKey.split(','),
        environmentId,
        onChange: () => handler.current(),
        onState: setState,
      }),
    [environmentId, typeKey],
  );
  return state;
}
