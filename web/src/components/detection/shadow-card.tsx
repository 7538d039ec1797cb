import { useState } from 'preact/hooks';
import { get } from '../../api/client';
import type { Environment, ModelVersion, ShadowCard } from '../../api/types';
import { formatNumber, formatShare } from '../../lib/format';
import { useResource } from '../../lib/resource';
import { ErrorNote } from '../states';
import { EstimateText } from './estimate';
import { shadowPlaces } from './model-moves';

const STYLE = { better: 'ok', worse: 'critical', 'no-difference': '', 'no-data': '' } as const;
const WORDS = {
  better: 'better',
  worse: 'worse',
  'no-difference': 'no clear difference',
  'no-data': 'no data yet',
} as const;

/** What a version in shadow would have done in an environment, beside what was done. */
export function ShadowCardView(props: { model: ModelVersion; environments: readonly Environment[] }) {
  const { model } = props;
  const places = shadowPlaces(model, props.environments);
  const [chosen, setChosen] = useState<string>();
  const place = places.find(({ id }) => id === chosen) ?? places[0];
  const found = useResource(
    `shadow-card-${model.id}-${place?.id}`,
    async (signal) => place && get<ShadowCard>(`models/${model.id}/shadow-card`, { environmentId: place.id }, signal),
    30_000,
  );
  if (!place) return null;
  const card = found.data;
  return (
    <section style={{ marginTop: '10px' }} aria-label={`Score card of ${model.name} in shadow`}>
      <div class="row form-row">
        <h3 class="grow">In shadow, beside what scores</h3>
        {places.length > 1 && (
          <label class="field">
            Environment
            <select value={place.id} onChange={(event) => setChosen(event.currentTarget.value)}>
              {places.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      <ErrorNote error={found.error} retry={found.reload} />
      {card && (
        <>
          <p class="sub">
            <span class={`badge ${STYLE[card.verdict]}`}>{WORDS[card.verdict]}</span> {place.name}: {card.reason}.
          </p>
          {card.points > 0 && <Judges card={card} />}
        </>
      )}
    </section>
  );
}

function Judges({ card }: { card: ShadowCard }) {
  const rows = [
    ['this one', card.shadow],
    ['what scores now', card.active],
  ] as const;
  return (
    <div class="table-wrap">
      <table>
        <thead>
          <tr>
            <th>Judge</th>
            <th class="number">Anomalies</th>
            <th class="number" title="Outside of stretches where something was wrong, per 1,000 series and week">
              False alarms a week
            </th>
            <th class="number">Found</th>
            <th class="number" title="Stretches that people called normal">
              Disturbed
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, judge]) => (
            <tr key={name}>
              <td>{name}</td>
              <td class="number">{judge.anomalies}</td>
              <td class="number">
                <EstimateText
                  estimate={{ value: judge.falseAlarmsPerWeek, low: judge.falseAlarmsLow, high: judge.falseAlarmsHigh }}
                />
              </td>
              <td class="number">
                {judge.found} of {card.labels.wrong}
              </td>
              <td class="number">
                {judge.disturbed} of {card.labels.normal}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="sub">
        {formatNumber(card.points)} points; both said the same on {formatShare(card.agreement)} of them.
      </p>
    </div>
  );
}
