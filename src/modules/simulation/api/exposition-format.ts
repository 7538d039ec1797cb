export type ExpositionFormat = 'open-metrics' | 'prometheus-text';

/**
 * The better of our two formats for an Accept header, as Prometheus' own exposition does it (RFC 9110, section
 * 12.5.1). Text 0.0.4 where the header is missing or names neither: every scraper reads it.
 */
export function negotiateFormat(accept: string | undefined): ExpositionFormat {
  const wanted = (accept ?? '').split(',').map(parseRange);
  const qualityOf = (fits: (range: MediaRange) => boolean): number =>
    Math.max(0, ...wanted.filter(fits).map(({ quality }) => quality));
  const openMetrics = qualityOf(
    ({ type, version }) => type === 'application/openmetrics-text' && (version === undefined || version === '1.0.0'),
  );
  const text = qualityOf(
    ({ type, version }) => type === 'text/plain' && (version === undefined || version === '0.0.4'),
  );
  return openMetrics > 0 && openMetrics >= text ? 'open-metrics' : 'prometheus-text';
}

interface MediaRange {
  readonly type: string;
  readonly version: string | undefined;
  readonly quality: number;
}

function parseRange(text: string): MediaRange {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim());
  const values = new Map(
    parameters.map((parameter) => {
      const [key = '', value = ''] = parameter.split('=');
      return [key.trim().toLowerCase(), value.trim().replace(/^"(.*)"$/, '$1')];
    }),
  );
  const quality = Number(values.get('q') ?? 1);
  return {
    type: type.toLowerCase(),
    version: values.get('version'),
    quality: Number.isFinite(quality) ? Math.min(1, Math.max(0, quality)) : 0,
  };
}
