import { seriesParts } from '../lib/format';

export function SeriesLabel(props: { labels: Readonly<Record<string, string>> }) {
  const { name, rest } = seriesParts(props.labels);
  return (
    <div>
      <div class="series-name" title={name}>
        {name}
      </div>
      <div class="labels">
        {rest.map(([key, value]) => (
          <span key={key} title={value}>
            {key}={value}
          </span>
        ))}
      </div>
    </div>
  );
}
