export { TelemetryReader, type LatestSample, type Series, type SeriesQuery } from './telemetry.reader.js';
export { TelemetryWriter, type SeriesDescription } from './telemetry.writer.js';
