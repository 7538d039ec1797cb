import type { AnomalyExample, ChangeEffect } from '../../api/types';
import { formatNumber } from '../../lib/format';
import { SeriesLabel } from '../series-label';
import { Time } from '../time';

type Effect = Omit<ChangeEffect, 'matched' | 'affected'> & Partial<Pick<ChangeEffect, 'matched' | 'affected'>>;

/** What a change would have done over stored history. */
export function EffectView(props: { environmentId: string; effect: Effect }) {
  const { effect } = props;
  const days = Math.round((Date.parse(effect.to) - Date.parse(effect.from)) / 86_400_000);
  return (
    <div>
      <div class="figures">
        <Figure
          text="anomalies now"
          value={String(effect.before)}
          extra={`${formatNumber(effect.beforePerWeek)}/week`}
        />
        <Figure
          text="with the change"
          value={String(effect.after)}
          extra={`${formatNumber(effect.afterPerWeek)}/week`}
        />
        <Figure text="vanish" value={String(effect.vanish)} />
        <Figure text="come" value={String(effect.come)} />
      </div>
      <p class="sub">
        {days < 1 ? 'Less than a day' : `${days} ${days === 1 ? 'day' : 'days'}`} of {effect.series} series
        {effect.affected !== undefined &&
          effect.affected > effect.series &&
          `, a spread over the ${effect.affected} whose settings would differ`}
        {effect.matched !== undefined && `; ${effect.matched} series in all`}
      </p>
      <Examples environmentId={props.environmentId} title="Vanish" items={effect.vanishing} />
      <Examples environmentId={props.environmentId} title="Come" items={effect.coming} />
    </div>
  );
}

function Figure(props: { text: string; value: string; extra?: string }) {
  return (
    <div>
      <b>{props.value}</b>
      <span class="muted">
        {props.text}
        {props.extra && ` · ${props.extra}`}
      </span>
    </div>
  );
}

function Examples(props: { environmentId: string; title: string; items: readonly AnomalyExample[] }) {
  if (props.items.length === 0) return null;
  return (
    <>
      <h3>{props.title}</h3>
      <div class="table-wrap">
        <table>
          <tbody>
            {props.items.map((item) => (
              <tr key={`${item.seriesId} ${item.startedAt}`}>
                <td>
                  <a href={`#/environments/${props.environmentId}/series/${item.seriesId}`}>
                    <SeriesLabel labels={item.labels} />
                  </a>
                </td>
                <td>
                  <Time at={item.startedAt} date />
                </td>
                <td class="number wide">
                  {formatNumber(item.value)} <span class="muted">expected {formatNumber(item.yhat)}</span>
                </td>
                <td class="number">score {formatNumber(item.score)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
