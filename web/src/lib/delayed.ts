import { useEffect, useState } from 'preact/hooks';

/** The value as it was when it last stayed the same for so long: what is typed is not checked letter by letter. */
export function useDelayed<T>(value: T, delayMs: number): T {
  const [delayed, setDelayed] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setDelayed(value), delayMs);
    return () => clearTimeout(timer);
  }, [value, delayMs]);
  return delayed;
}
