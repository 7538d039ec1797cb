import type { DetectorScore } from '../../api/types';
import { formatSeconds } from '../../lib/format';
import { Time } from '../time';
import { EstimateText, percent } from './estimate';

const SHOWN = 30;

/** Configurations side by side. */
export function DetectorTable(props: { detectors: readonly DetectorScore[] }) {
  return (
    <section class="card table-wrap" aria-label="Scores">
      <table>
        <thead>
          <tr>
            <th>What was scored</th>
            <th class="number">Found</th>
            <th class="number">Recall</th>
            <th class="number wide" title="Harmful stretches found within three scrapes of the harm">
              In time
            </th>
            <th
              class="number wide"
              title="In time, for as many pages at random times: recall that is not above it means nothing"
            >
              By chance
            </th>
            <th class="number">Precision of pages</th>
            <th class="number">Pages per week</th>
            <th class="number" title="Anomalies outside of labelled stretches, per 1,000 series and week">
              False alarms
            </th>
            <th class="number wide">Time to detect</th>
          </tr>
        </thead>
        <tbody>
          {props.detectors.map((score) => (
            <tr key={score.detector}>
              <td>{score.detector}</td>
              <td class="number">
                {score.all.found} of {score.all.stretches}
              </td>
              <td class="number">
                <EstimateText estimate={score.all.recall} format={percent} />
              </td>
              <td class="number wide">
                <EstimateText estimate={score.all.recallInTime} format={percent} />
              </td>
              <td class="number wide">
                {score.inTimeByChance === null || score.inTimeByChance === undefined
                  ? '–'
                  : percent(score.inTimeByChance)}
              </td>
              <td class="number">
                <EstimateText estimate={score.pages.precision} format={percent} />
              </td>
              <td class="number">
                <EstimateText estimate={score.pages.perWeek} />
              </td>
              <td class="number">
                <EstimateText estimate={score.calm.anomalyRate} />
              </td>
              <td class="number wide">
                <EstimateText estimate={score.all.fromStart.seconds} format={formatSeconds} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Recall per kind of what was wrong. */
export function KindTable(props: { detectors: readonly DetectorScore[] }) {
  const kinds = [...new Set(props.detectors.flatMap(({ byKind }) => byKind.map(({ kind }) => kind)))];
  return (
    <section class="card table-wrap">
      <h2>By kind</h2>
      <table>
        <thead>
          <tr>
            <th>Kind</th>
            {props.detectors.map(({ detector }) => (
              <th key={detector} class="number">
                {detector}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {kinds.map((kind) => (
            <tr key={kind}>
              <td>{kind}</td>
              {props.detectors.map(({ detector, byKind }) => {
                const score = byKind.find((one) => one.kind === kind);
                return (
                  <td key={detector} class="number">
                    {score ? (
                      <>
                        {score.found} of {score.stretches} · <EstimateText estimate={score.recall} format={percent} />
                      </>
                    ) : (
                      '–'
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

export function Misses(props: { detector: DetectorScore }) {
  const { misses, detector } = props.detector;
  return (
    <section class="card">
      <h2>
        Missed or late <span class="muted">{detector}</span>
      </h2>
      {misses.length === 0 && <p class="sub">None.</p>}
      <ul class="plain" style={{ marginTop: '8px' }}>
        {misses.slice(0, SHOWN).map(({ stretch, late }) => (
          <li key={stretch.id}>
            <span class={`badge ${late ? 'warning' : 'critical'}`}>{late ? 'late' : 'missed'}</span> {stretch.kind}{' '}
            {stretch.where}
            <div class="muted">
              <Time at={new Date(stretch.from).toISOString()} date />
            </div>
          </li>
        ))}
      </ul>
      {misses.length > SHOWN && <p class="sub">{misses.length - SHOWN} more</p>}
    </section>
  );
}

export function FalseAlarms(props: { detector: DetectorScore }) {
  const { falseAlarms, moreFalseAlarms, detector } = props.detector;
  const more = Math.max(0, falseAlarms.length - SHOWN) + moreFalseAlarms;
  return (
    <section class="card">
      <h2>
        False pages <span class="muted">{detector}</span>
      </h2>
      {falseAlarms.length === 0 && <p class="sub">None.</p>}
      <ul class="plain" style={{ marginTop: '8px' }}>
        {falseAlarms.slice(0, SHOWN).map(({ detection }) => (
          <li key={`${detection.at} ${detection.subject}`}>
            <span class="mono">{detection.subject}</span>
            <div class="muted">
              <Time at={new Date(detection.at).toISOString()} date /> · {detection.reason}
            </div>
          </li>
        ))}
      </ul>
      {more > 0 && <p class="sub">{more} more</p>}
    </section>
  );
}
