import { useEffect, useState } from 'preact/hooks';

/** Hash routes: `#/environments/1234` is ['environments', '1234']. Deep links work without server rules. */
export function useRoute(): readonly string[] {
  const [route, setRoute] = useState(parse);
  useEffect(() => {
    const update = (): void => setRoute(parse());
    addEventListener('hashchange', update);
    return () => removeEventListener('hashchange', update);
  }, []);
  return route;
}

function parse(): readonly string[] {
  return location.hash
    .replace(/^#\/?/, '')
    .replace(/\?.*$/, '')
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);
}

/** What follows the path: `#/environments/1234/series/5?from=...`. */
export function routeQuery(): URLSearchParams {
  return new URLSearchParams(/\?(.*)$/.exec(location.hash)?.[1] ?? '');
}

export function navigate(path: string): void {
  location.hash = `#/${path}`;
}
