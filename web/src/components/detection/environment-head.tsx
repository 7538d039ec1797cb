import type { ComponentChildren } from 'preact';
import { get } from '../../api/client';
import type { Environment } from '../../api/types';
import { useResource } from '../../lib/resource';

const TABS = [
  ['', 'Overview'],
  ['anomalies', 'Anomalies'],
  ['series', 'Series'],
  ['settings', 'Settings'],
  ['score-cards', 'Score cards'],
] as const;
export type EnvironmentTab = (typeof TABS)[number][0];

/** Parts of an environment, beside its overview. */
export function EnvironmentTabs(props: { id: string; current: EnvironmentTab }) {
  return (
    <nav class="tabs" aria-label="Parts of the environment">
      {TABS.map(([path, text]) => (
        <a
          key={path}
          href={`#/environments/${props.id}${path && `/${path}`}`}
          aria-current={path === props.current ? 'page' : undefined}
        >
          {text}
        </a>
      ))}
    </nav>
  );
}

/** Head of a page that belongs to an environment. */
export function EnvironmentHead(props: {
  id: string;
  current: EnvironmentTab;
  text: string;
  children?: ComponentChildren;
}) {
  const environment = useResource(`environment-${props.id}`, (signal) =>
    get<Environment>(`environments/${props.id}`, {}, signal),
  );
  return (
    <div class="head">
      <div class="grow">
        <div class="row">
          <h1>{environment.data?.name ?? 'Environment'}</h1>
          <EnvironmentTabs id={props.id} current={props.current} />
        </div>
        <p class="sub">{props.text}</p>
      </div>
      {props.children}
    </div>
  );
}
