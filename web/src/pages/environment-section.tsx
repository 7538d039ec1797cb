import type { Principal } from '../api/types';
import { Empty } from '../components/states';
import { AnomaliesPage } from './detection/anomalies';
import { AnomalyPage } from './detection/anomaly';
import { ScoreCardPage } from './detection/score-card';
import { ScoreCardComparisonPage } from './detection/score-card-comparison';
import { ScoreCardsPage } from './detection/score-cards';
import { SeriesPage } from './detection/series';
import { SeriesListPage } from './detection/series-list';
import { DetectionSettingsPage } from './detection/settings';
import { EnvironmentPage } from './environment';

/** Pages of one environment: `#/environments/1234` and what is below it. */
export function EnvironmentSection(props: { id: string; route: readonly string[]; principal: Principal }) {
  const { id, principal } = props;
  const [part, first, second, third] = props.route;
  if (part === undefined) return <EnvironmentPage key={id} id={id} />;
  if (part === 'anomalies') {
    if (first === undefined) return <AnomaliesPage key={id} id={id} />;
    return <AnomalyPage key={first} id={id} anomalyId={first} principal={principal} />;
  }
  if (part === 'series') {
    if (first === undefined) return <SeriesListPage key={id} id={id} />;
    return <SeriesPage key={first} id={id} seriesId={Number(first)} principal={principal} />;
  }
  if (part === 'settings') return <DetectionSettingsPage key={id} id={id} principal={principal} />;
  if (part === 'score-cards') {
    if (first === undefined) return <ScoreCardsPage key={id} id={id} principal={principal} />;
    if (first !== 'compare') return <ScoreCardPage key={first} id={id} cardId={first} />;
    if (second && third) return <ScoreCardComparisonPage key={`${second} ${third}`} id={id} a={second} b={third} />;
  }
  return (
    <Empty title="There is no such page">
      <a href={`#/environments/${id}`}>Go to the environment</a>
    </Empty>
  );
}
