import { get } from '../../api/client';
import type { ScoreCard, ScoreCardReport } from '../../api/types';
import { DetectorTable, FalseAlarms, KindTable, Misses } from '../../components/detection/score-card-tables';
import { EnvironmentHead } from '../../components/detection/environment-head';
import { isStudyOver, StudyBadge, StudyProgress } from '../../components/detection/study-progress';
import { Empty, ErrorNote, Loading } from '../../components/states';
import { Time } from '../../components/time';
import { useResource } from '../../lib/resource';

const POLL_MS = 1_500;

/** One score card: settings, detectors and alert rules side by side, per kind, with misses and false alarms. */
export function ScoreCardPage(props: { id: string; cardId: string }) {
  const { id, cardId } = props;
  const card = useResource(
    `score-card-${cardId}`,
    (signal) => get<ScoreCard>(`environments/${id}/score-cards/${cardId}`, {}, signal),
    POLL_MS,
  );
  const { data } = card;
  if (!data) return card.error ? <ErrorNote error={card.error} retry={card.reload} /> : <Loading />;
  return (
    <>
      <EnvironmentHead id={id} current="score-cards" text="Held against what is known to have been wrong." />
      <div class="row">
        <h2>{data.title}</h2>
        <StudyBadge study={data} />
        <span class="muted">
          <Time at={data.from} date /> to <Time at={data.to} date />
          {data.report && `, ${data.report.series} of ${data.report.matched} series`}
        </span>
      </div>
      <StudyProgress study={data} />
      {isStudyOver(data) && data.report && <Report id={id} report={data.report} />}
    </>
  );
}

function Report(props: { id: string; report: ScoreCardReport }) {
  const { report } = props;
  const { detectors } = report.card;
  return (
    <div class="stack" style={{ marginTop: '14px' }}>
      {report.labels.length === 0 && (
        <Empty title="Nothing is known to have been wrong">
          <p>
            Recall is unknown; the false alarms stand. Acknowledge incidents, call stretches missed, or inject faults
            into a simulated environment.
          </p>
        </Empty>
      )}
      <DetectorTable detectors={detectors} />
      {report.labels.length > 0 && <KindTable detectors={detectors} />}
      {detectors.map((detector) => (
        <div key={detector.detector} class="columns even">
          <Misses detector={detector} />
          <FalseAlarms detector={detector} />
        </div>
      ))}
    </div>
  );
}
