import { get } from '../../api/client';
import type { ModelComparison } from '../../api/types';
import { formatNumber } from '../../lib/format';
import { useResource } from '../../lib/resource';
import { ErrorNote } from '../states';

/** Every figure that any of the versions has. */
export function ModelComparisonTable(props: { ids: readonly string[] }) {
  const ids = props.ids.join(',');
  const found = useResource(`models-compared-${ids}`, (signal) =>
    get<ModelComparison>('models/comparison', { ids }, signal),
  );
  return (
    <section class="card table-wrap" style={{ marginBottom: '16px' }} aria-label="Models side by side">
      <ErrorNote error={found.error} />
      {found.data && (
        <table>
          <thead>
            <tr>
              <th>Figure</th>
              {found.data.models.map((model) => (
                <th key={model.id} class="number">
                  {model.name}@{model.version}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {found.data.metrics.length === 0 && (
              <tr>
                <td class="muted">None of them has figures yet.</td>
              </tr>
            )}
            {found.data.metrics.map(({ metric, values }) => (
              <tr key={metric}>
                <td class="mono">{metric}</td>
                {values.map((value, index) => (
                  <td key={index} class="number">
                    {formatNumber(value)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
