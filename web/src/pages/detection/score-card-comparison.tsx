import { get } from '../../api/client';
import type { ScoreCardComparison } from '../../api/types';
import { EnvironmentHead } from '../../components/detection/environment-head';
import { EstimateText, percent } from '../../components/detection/estimate';
import { ErrorNote, Loading } from '../../components/states';
import { formatSeconds } from '../../lib/format';
import { useResource } from '../../lib/resource';

/** What two score cards scored, in one table. */
export function ScoreCardComparisonPage(props: { id: string; a: string; b: string }) {
  const { id, a, b } = props;
  const found = useResource(`compare-${a}-${b}`, (signal) =>
    get<ScoreCardComparison>(`environments/${id}/score-cards/compare`, { a, b }, signal),
  );
  const title = (card: string): string => found.data?.cards.find((one) => one.id === card)?.title ?? '';
  return (
    <>
      <EnvironmentHead id={id} current="score-cards" text="Two score cards side by side." />
      <ErrorNote error={found.error} retry={found.reload} />
      {!found.data && found.loading && <Loading />}
      {found.data && (
        <div class="card table-wrap">
          <table>
            <thead>
              <tr>
                <th>Score card</th>
                <th>What was scored</th>
                <th class="number">Recall</th>
                <th class="number">Precision of pages</th>
                <th class="number">Pages per week</th>
                <th class="number">False alarms</th>
                <th class="number wide">Time to detect</th>
              </tr>
            </thead>
            <tbody>
              {found.data.rows.map((row) => (
                <tr key={`${row.card} ${row.configuration}`}>
                  <td>
                    <a href={`#/environments/${id}/score-cards/${row.card}`}>{title(row.card)}</a>
                  </td>
                  <td>{row.configuration}</td>
                  <td class="number">
                    <EstimateText estimate={row.recall} format={percent} />
                  </td>
                  <td class="number">
                    <EstimateText estimate={row.precision} format={percent} />
                  </td>
                  <td class="number">
                    <EstimateText estimate={row.pagesPerWeek} />
                  </td>
                  <td class="number">
                    <EstimateText estimate={row.falseAlarmRate} />
                  </td>
                  <td class="number wide">
                    <EstimateText estimate={row.secondsToDetect} format={formatSeconds} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}
