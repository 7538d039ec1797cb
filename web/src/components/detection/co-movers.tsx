import type { AnomalyDetail } from '../../api/types';
import { formatNumber, formatShare } from '../../lib/format';
import { SeriesLabel } from '../series-label';

/** What else was unusual at that time, and for the residual of a service what it is made of. */
export function CoMovers(props: {
  environmentId: string;
  movers: AnomalyDetail['coMovers'];
  shares: AnomalyDetail['shares'];
}) {
  return (
    <section class="card">
      {props.shares.length > 0 && (
        <>
          <h2>Made of</h2>
          <ul class="plain" style={{ margin: '8px 0 14px' }}>
            {props.shares.map(({ labels, share, text }) => (
              <li key={JSON.stringify(labels)} class="row">
                <b>{formatShare(share)}</b> {text}
              </li>
            ))}
          </ul>
        </>
      )}
      <h2>What else moved</h2>
      {props.movers.length === 0 && <p class="sub">Nothing else was unusual at that time.</p>}
      <div class="table-wrap">
        <table>
          <tbody>
            {props.movers.map((mover) => (
              <tr key={`${mover.seriesId} ${mover.text}`}>
                <td>
                  {mover.seriesId === null ? (
                    mover.text
                  ) : (
                    <a href={`#/environments/${props.environmentId}/series/${mover.seriesId}`}>
                      <SeriesLabel labels={mover.labels} />
                    </a>
                  )}
                </td>
                <td class="number">score {formatNumber(mover.score)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
