import { useEffect, useState } from 'preact/hooks';

export type Theme = 'auto' | 'light' | 'dark';
export type TimeZone = 'local' | 'utc';

const CHANGED = 'dsim:preference';

function read(key: string, fallback: string): string {
  try {
    return localStorage.getItem(`dsim.${key}`) ?? fallback;
  } catch {
    return fallback;
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(`dsim.${key}`, value);
  } catch {
    // Private windows may refuse storage; the choice then lasts until the page is closed.
  }
  dispatchEvent(new CustomEvent(CHANGED));
}

function usePreference<T extends string>(key: string, fallback: T): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(() => read(key, fallback) as T);
  useEffect(() => {
    const update = (): void => setValue(read(key, fallback) as T);
    addEventListener(CHANGED, update);
    return () => removeEventListener(CHANGED, update);
  }, [key, fallback]);
  return [value, (next) => write(key, next)];
}

export const useTheme = (): [Theme, (value: Theme) => void] => usePreference<Theme>('theme', 'auto');
export const useTimeZone = (): [TimeZone, (value: TimeZone) => void] => usePreference<TimeZone>('zone', 'local');

/** True while dark colours are in force, whether chosen or the system's. */
export function isDark(): boolean {
  const theme = read('theme', 'auto');
  return theme === 'dark' || (theme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
}

/** Keeps `data-theme` on the root in step with the choice and with the system. */
export function applyTheme(): void {
  const update = (): void => {
    document.documentElement.dataset['theme'] = isDark() ? 'dark' : 'light';
  };
  update();
  addEventListener(CHANGED, update);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    update();
    dispatchEvent(new CustomEvent(CHANGED));
  });
}

export function useDark(): boolean {
  const [dark, setDark] = useState(isDark);
  useEffect(() => {
    const update = (): void => setDark(isDark());
    addEventListener(CHANGED, update);
    return () => removeEventListener(CHANGED, update);
  }, []);
  return dark;
}

export interface PinnedSeries {
  readonly id: number;
  readonly labels: Readonly<Record<string, string>>;
}

/** Series a user pinned to an environment's page, kept in this browser; undefined where nobody chose yet. */
export function pinnedSeries(environmentId: string): readonly PinnedSeries[] | undefined {
  try {
    const stored: unknown = JSON.parse(read(`pinned.${environmentId}`, 'null'));
    return Array.isArray(stored) ? (stored as PinnedSeries[]) : undefined;
  } catch {
    return undefined;
  }
}

export function pinSeries(environmentId: string, series: readonly PinnedSeries[]): void {
  write(`pinned.${environmentId}`, JSON.stringify(series.map(({ id, labels }) => ({ id, labels }))));
}
