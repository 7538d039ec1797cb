import { get } from '../api/client';
import type { Incident, Page, Principal } from '../api/types';
import { useLive } from '../lib/live';
import { type Theme, type TimeZone, useTheme, useTimeZone } from '../lib/preferences';
import { useResource } from '../lib/resource';
import { may } from '../lib/session';

const INCIDENT_EVENTS = [
  'incidents.incident-opened',
  'incidents.incident-acknowledged',
  'incidents.incident-resolved',
] as const;
const NEXT_THEME: Readonly<Record<Theme, Theme>> = { auto: 'light', light: 'dark', dark: 'auto' };

export function TopBar(props: { principal: Principal; route: readonly string[]; signOut: () => void }) {
  const [theme, setTheme] = useTheme();
  const [zone, setZone] = useTimeZone();
  const open = useResource('open-incidents', (signal) =>
    get<Page<Incident>>('incidents', { status: 'open', limit: 100 }, signal),
  );
  const live = useLive(INCIDENT_EVENTS, open.reload);
  const count = open.data?.items.length ?? 0;
  const [first = 'environments'] = props.route;
  const section = first === 'runs' ? 'simulations' : first;
  const link = (name: string, text: string, extra?: number) => (
    <a href={`#/${name}`} aria-current={section === name ? 'page' : undefined}>
      {text}
      {extra ? <span class="count">{extra === 100 ? '99+' : extra}</span> : null}
    </a>
  );
  return (
    <header class="topbar">
      <a class="brand" href="#/environments">
        <img src="./favicon.svg" alt="" />
        <span>DevOps Simulator</span>
      </a>
      <nav class="nav" aria-label="Sections">
        {link('environments', 'Environments')}
        {link('incidents', 'Incidents', count)}
        {may(props.principal, 'simulation:read') && link('simulations', 'Simulations')}
        {may(props.principal, 'anomalies:read') && link('models', 'Models')}
        {may(props.principal, 'tokens:manage') && link('tokens', 'Tokens')}
        {link('system', 'System')}
      </nav>
      <div class="tools">
        <span
          class={`dot ${live}`}
          role="status"
          title={live === 'live' ? 'Live: updates arrive as they happen' : 'Not connected; trying again'}
          aria-label={`Live updates: ${live}`}
        />
        <button class="quiet" title="Time zone of this page" onClick={() => setZone(other(zone))}>
          {zone === 'utc' ? 'UTC' : 'Local time'}
        </button>
        <button class="quiet" title="Colours: auto follows the system" onClick={() => setTheme(NEXT_THEME[theme])}>
          {theme === 'auto' ? 'Auto' : theme === 'dark' ? 'Dark' : 'Light'}
        </button>
        <button class="quiet" title={`Signed in as ${props.principal.name}`} onClick={props.signOut}>
          Sign out
        </button>
      </div>
    </header>
  );
}

const other = (zone: TimeZone): TimeZone => (zone === 'utc' ? 'local' : 'utc');
