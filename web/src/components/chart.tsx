import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import { formatNumber, formatTime } from '../lib/format';
import { type TimeZone, useDark, useTimeZone } from '../lib/preferences';

export interface Stretch {
  /** Epoch milliseconds. */
  readonly from: number;
  readonly to: number;
}

export interface ChartData {
  /** Epoch milliseconds, ascending. */
  readonly times: readonly number[];
  readonly values: readonly (number | null)[];
  readonly yhat?: readonly (number | null)[];
  readonly lower?: readonly (number | null)[];
  readonly upper?: readonly (number | null)[];
}

/** Something that happened at one moment, drawn as a line from top to bottom. */
export interface Marker {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly text: string;
}

interface ChartProps {
  readonly data: ChartData;
  readonly anomalies: readonly Stretch[];
  readonly range: Stretch;
  readonly unit: string;
  readonly height?: number;
  readonly label: string;
  readonly markers?: readonly Marker[];
  /** Of what cannot be negative: the axis begins at 0, whatever the band does, and goes at least up to here. */
  readonly least?: number;
  /** How values are written; a plain number where left out. */
  readonly format?: (value: number | null) => string;
}

interface Readout {
  readonly time: number;
  readonly value: number | null;
  readonly yhat: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly marker: string | undefined;
}

const NO_MARKERS: readonly Marker[] = [];
const SYNC = uPlot.sync('dsim');

/** The only place that knows uPlot: a line with its expected value, band and anomalous stretches. */
export function Chart(props: ChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const anomalies = useRef(props.anomalies);
  anomalies.current = props.anomalies;
  const range = useRef(props.range);
  range.current = props.range;
  const markers = useRef(NO_MARKERS);
  markers.current = props.markers ?? NO_MARKERS;
  const least = useRef(props.least);
  least.current = props.least;
  const format = useRef<NonNullable<ChartProps['format']>>(formatNumber);
  format.current = props.format ?? formatNumber;
  const dark = useDark();
  const [zone] = useTimeZone();
  const [readout, setReadout] = useState<Readout | null>(null);
  const height = props.height ?? 170;

  useEffect(() => {
    const element = host.current;
    if (!element) return undefined;
    const style = getComputedStyle(document.documentElement);
    const color = (name: string): string => style.getPropertyValue(name).trim();
    const axis: uPlot.Axis = {
      stroke: color('--muted'),
      grid: { stroke: color('--chart-grid'), width: 1 },
      ticks: { stroke: color('--chart-grid'), width: 1 },
      font: '11px system-ui, sans-serif',
    };
    const chart = new uPlot(
      {
        width: element.clientWidth || 400,
        height,
        padding: [10, 18, 0, 0],
        legend: { show: false },
        cursor: { sync: { key: SYNC.key }, points: { size: 7 }, y: false, drag: { x: false, y: false } },
        tzDate: (seconds) =>
          zone === 'utc' ? uPlot.tzDate(new Date(seconds * 1e3), 'Etc/UTC') : new Date(seconds * 1e3),
        scales: {
          x: { time: true, range: () => [range.current.from / 1e3, range.current.to / 1e3] },
          y: { range: (u) => valueRange(u.data, least.current) },
        },
        axes: [
          { ...axis, size: 30, values: (_, ticks) => clockLabels(ticks, zone) },
          { ...axis, size: 58, values: (_, ticks) => ticks.map((tick) => format.current(tick)) },
        ],
        bands: [{ series: [1, 2], fill: color('--chart-band') }],
        series: [
          {},
          { stroke: 'transparent', width: 0, points: { show: false }, spanGaps: false },
          { stroke: 'transparent', width: 0, points: { show: false }, spanGaps: false },
          { stroke: color('--chart-expected'), width: 1, dash: [4, 4], points: { show: false } },
          { stroke: color('--chart-line'), width: 1.6, points: { show: false } },
        ],
        hooks: {
          drawClear: [(u) => shade(u, anomalies.current, color('--chart-anomaly'), color('--chart-anomaly-edge'))],
          draw: [(u) => drawMarkers(u, markers.current, color('--info'))],
          setCursor: [(u) => setReadout(readAt(u, markers.current))],
        },
      },
      aligned(props.data),
      element,
    );
    plot.current = chart;
    const observer = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.destroy();
      plot.current = null;
    };
    // A new theme or time zone needs new colours and ticks; data goes in through the effect below.
  }, [dark, zone, height]);

  useEffect(() => {
    plot.current?.setData(aligned(props.data));
  }, [props.data, props.anomalies, props.markers, props.range.from, props.range.to]);

  const empty = props.data.values.every((value) => value === null);
  return (
    <div>
      <div class="chart" style={{ minHeight: `${height}px` }} ref={host} role="img" aria-label={props.label}>
        {empty && <div class="hint">No samples in this window.</div>}
      </div>
      <div class="readout" aria-hidden="true">
        {readout && (
          <>
            <span>{formatTime(readout.time, zone)}</span>
            <span>
              value <b>{format.current(readout.value)}</b> {props.unit}
            </span>
            {readout.yhat !== null && (
              <span>
                expected <b>{format.current(readout.yhat)}</b> ({format.current(readout.lower)} to{' '}
                {format.current(readout.upper)})
              </span>
            )}
            {readout.marker && <span class="marker-text">{readout.marker}</span>}
          </>
        )}
      </div>
    </div>
  );
}

function aligned(data: ChartData): uPlot.AlignedData {
  const none = (): null[] => new Array<null>(data.times.length).fill(null);
  return [
    data.times.map((time) => time / 1e3),
    [...(data.upper ?? none())],
    [...(data.lower ?? none())],
    [...(data.yhat ?? none())],
    [...data.values],
  ];
}

/** 24-hour labels; the date only where the day changes within the window. */
function clockLabels(ticks: readonly number[], zone: TimeZone): string[] {
  const timeZone = zone === 'utc' ? 'UTC' : undefined;
  const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone });
  const day = new Intl.DateTimeFormat(undefined, { month: 'short', day: '2-digit', timeZone });
  return ticks.map((tick, index) => {
    const before = ticks[index - 1];
    const date = new Date(tick * 1e3);
    const newDay = before !== undefined && day.format(new Date(before * 1e3)) !== day.format(date);
    return newDay ? day.format(date) : clock.format(date);
  });
}

/** Room for the values first; of a wide band only as much again on each side, so that it never flattens the line. */
function valueRange(data: uPlot.AlignedData, least?: number): [number, number] {
  const [, upper, lower, yhat, values] = data;
  const [low, most] = extent([...(values ?? []), ...(yhat ?? [])]);
  if (low > most) return [0, 1];
  const high = Math.max(most, least ?? most);
  const span = high - low || Math.abs(high) || 1;
  const [bandLow] = extent(lower ?? []);
  const [, bandHigh] = extent(upper ?? []);
  const from = Math.min(low, Math.max(bandLow, low - span)) - span * 0.08;
  const to = Math.max(high, Math.min(bandHigh, high + span)) + span * 0.08;
  const positive = low >= 0 && (least !== undefined || bandLow >= 0 || bandLow === Infinity);
  return [positive && from < 0 ? 0 : from, to];
}

function extent(values: Iterable<number | null | undefined>): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value === null || value === undefined || !Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

function shade(u: uPlot, stretches: readonly Stretch[], fill: string, edge: string): void {
  const { left, top, width, height } = u.bbox;
  u.ctx.save();
  for (const stretch of stretches) {
    const x0 = Math.max(left, u.valToPos(stretch.from / 1e3, 'x', true));
    const x1 = Math.min(left + width, Math.max(u.valToPos(stretch.to / 1e3, 'x', true), x0 + 2));
    if (x1 <= left || x0 >= left + width) continue;
    u.ctx.fillStyle = fill;
    u.ctx.fillRect(x0, top, x1 - x0, height);
    u.ctx.fillStyle = edge;
    u.ctx.fillRect(x0, top, x1 - x0, 3);
  }
  u.ctx.restore();
}

function drawMarkers(u: uPlot, markers: readonly Marker[], stroke: string): void {
  const { left, top, width, height } = u.bbox;
  u.ctx.save();
  u.ctx.strokeStyle = stroke;
  u.ctx.lineWidth = Math.max(1, devicePixelRatio);
  u.ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
  for (const { at } of markers) {
    const x = Math.round(u.valToPos(at / 1e3, 'x', true));
    if (x < left || x > left + width) continue;
    u.ctx.beginPath();
    u.ctx.moveTo(x, top);
    u.ctx.lineTo(x, top + height);
    u.ctx.stroke();
  }
  u.ctx.restore();
}

const MARKER_REACH_PX = 6;

function readAt(u: uPlot, markers: readonly Marker[]): Readout | null {
  const index = u.cursor.idx;
  if (index === null || index === undefined) return null;
  const at = (series: number): number | null => u.data[series]?.[index] ?? null;
  const time = u.data[0][index];
  if (time === undefined) return null;
  const cursor = u.cursor.left ?? 0;
  const marker = markers.find((one) => Math.abs(u.valToPos(one.at / 1e3, 'x') - cursor) <= MARKER_REACH_PX)?.text;
  return { time: time * 1e3, upper: at(1), lower: at(2), yhat: at(3), value: at(4), marker };
}
