import { useRef } from 'preact/hooks';
import { url } from '../../api/client';
import type { SimulationDetail } from '../../api/types';
import { CopyButton } from '../copy-button';

/** How a user's own Prometheus gets the simulated fleet. */
export function ScrapeCard({ simulation }: { simulation: SimulationDetail }) {
  const text = useRef<HTMLPreElement>(null);
  const path = url(`environments/${simulation.environmentId}/metrics`);
  const snippet = [
    'scrape_configs:',
    `  - job_name: ${simulation.slug}`,
    '    honor_labels: true',
    '    scrape_interval: 15s',
    ...(location.protocol === 'https:' ? ['    scheme: https'] : []),
    `    metrics_path: ${path}`,
    '    authorization:',
    '      credentials: dsim_… # a token that may read samples here',
    '    static_configs:',
    `      - targets: ['${location.host}']`,
  ].join('\n');
  return (
    <section class="card">
      <div class="row">
        <h2 style={{ flex: 1 }}>In your own Prometheus</h2>
        <CopyButton text={snippet} from={text} />
      </div>
      <p class="sub">
        Your rules and dashboards, on this fleet. <a href="#/tokens">Make a token</a> for it, or{' '}
        <a href={path} target="_blank" rel="noreferrer">
          look at the newest scrape
        </a>
        .
      </p>
      <pre ref={text} tabIndex={0} aria-label="scrape_config">
        {snippet}
      </pre>
    </section>
  );
}
