import { describe, expect, it } from 'vitest';
import { complaints, parseText, SMALL } from '../../../../test/support/scenario/scenario-text.js';
import { readRecording } from './read-recording.js';

const read = (text: string, timeZone = 'UTC') => readRecording(text, timeZone);
const series = (times: number[], values: number[]) => ({ times, values });

describe('CSV', () => {
  // 2026-01-05T08:00:00Z is 1767600000 seconds after 1970 (20,458 days and 8 hours).
  it.each([
    ['seconds from the start', '0,1\n60,2\n90.5,3', [0, 60, 90.5]],
    ['a start that is not 0', '30,1\n60,2\n90,3', [30, 60, 90]],
    ['epochs in seconds', '1767600000,1\n1767600060,2\n1767600090.5,3', [0, 60, 90.5]],
    ['epochs in milliseconds', '1767600000000,1\n1767600060000,2\n1767600090500,3', [0, 60, 90.5]],
    ['epochs in nanoseconds', '1767600000000000000,1\n1767600060000000000,2\n1767600090500000000,3', [0, 60, 90.5]],
    ['ISO 8601', '2026-01-05T08:00:00Z,1\n2026-01-05T08:01:00Z,2\n2026-01-05T08:01:30.5Z,3', [0, 60, 90.5]],
    [
      'dates as Grafana exports them',
      '2026-01-05 08:00:00,1\n2026-01-05 08:01:00,2\n2026-01-05 08:01:30.500,3',
      [0, 60, 90.5],
    ],
    [
      'offsets that differ',
      '2026-01-05T09:00:00+01:00,1\n2026-01-05T08:01:00Z,2\n2026-01-05T13:31:30.5+0530,3',
      [0, 60, 90.5],
    ],
    ['days', '2026-01-05,1\n2026-01-06,2\n2026-01-08,3', [0, 86_400, 259_200]],
  ])('has times as %s', (_, text, times) => {
    expect(read(text)).toEqual(series(times, [1, 2, 3]));
  });

  it.each([
    ['a header', 'time,value\n0,1\n60,2'],
    ['quotes', '"Time","Value"\n"0","1"\n"60","2"'],
    ['semicolons, as a German Excel saves it', 'Zeit;Wert\n0;1\n60;2'],
    ['tabs and Windows line ends', 'time\tvalue\r\n0\t1\r\n60\t2\r\n'],
    ['a byte order mark, comments and empty lines', '\uFEFF# from the proxy\n\ntime,value\n0,1\n\n60,2\n\n'],
  ])('may have %s', (_, text) => {
    expect(read(text)).toEqual(series([0, 60], [1, 2]));
  });

  it.each(['', 'NaN', 'null', 'NA', '-', '+Inf'])('leaves a gap where the value is %j', (missing) => {
    expect(read(`0,1\n30,${missing}\n60,2`)).toEqual(series([0, 60], [1, 2]));
  });

  it('takes dates without offset as wall clock of the time zone', () => {
    // Clocks in Berlin go from 02:00 to 03:00 on 29 March 2026: an hour passes between the two lines.
    expect(read('2026-03-29 01:30:00,1\n2026-03-29 03:30:00,2', 'Europe/Berlin')).toEqual(series([0, 3600], [1, 2]));
    expect(read('2026-03-29 01:30:00,1\n2026-03-29 03:30:00,2', 'UTC')).toEqual(series([0, 7200], [1, 2]));
  });

  it('asks for offsets where clocks went back and times come twice', () => {
    // On 25 October 2026 it is 02:30 twice in Berlin.
    const text = '2026-10-25 02:30:00,1\n2026-10-25 02:30:00,2';
    expect(read(text, 'Europe/Berlin')).toEqual({
      error: expect.stringContaining('line 2 is not after the one before it') as unknown,
    });
    expect(read('2026-10-25T02:30:00+02:00,1\n2026-10-25T02:30:00+01:00,2')).toEqual(series([0, 3600], [1, 2]));
  });

  it.each([
    ['nothing', '', 'has no values'],
    ['a header alone', 'time,value\n', 'has no values'],
    ['words below the header', 'time,value\nnoon,1\n', 'line 2 has no time: noon'],
    ['values that are words', '0,1\n60,many\n', 'line 2 has no number: many'],
    ['three columns', 'time,web,api\n0,1,2\n', 'line 1 has 3 columns (time, web, api); keep the time and one series'],
    ['one column', '5\n6\n', 'line 1 has one column; write time,value'],
    ['times that fall', '60,1\n0,2\n', 'line 2 is not after the one before it'],
    ['a time twice', '0,1\n0,2\n', 'line 2 is not after the one before it'],
    ['a negative time', '-60,1\n0,2\n', 'line 1 is not after'],
    ['negative values', '0,1\n60,-2\n', 'line 2 is negative: -2'],
    ['a day that is not', '2026-02-30,1\n', 'has no values'],
    ['two kinds of times', '0,1\n2026-01-05,2\n', 'line 2 is a time of another kind'],
  ])('refuses %s', (_, text, error) => {
    expect(read(text)).toEqual({ error: expect.stringContaining(error) as unknown });
  });
});

describe('JSON of Prometheus', () => {
  /** As GET /api/v1/query_range answers: epochs in seconds, values as text (prometheus.io, "Range queries"). */
  const answer = (...result: unknown[]) =>
    JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } });
  const METRIC = { __name__: 'job:requests:rate5m', job: 'web' };

  it('is the answer to a range query', () => {
    const values = [
      [1767600000, '118.5'],
      [1767600015.781, '121'],
      [1767600030, '1.2e2'],
    ];
    expect(read(answer({ metric: METRIC, values }))).toEqual(series([0, 15.781, 30], [118.5, 121, 120]));
  });

  it('leaves gaps where values are not finite, and where a series was stale and has no points', () => {
    const values = [
      [1767600000, '1'],
      [1767600015, 'NaN'],
      [1767600030, '+Inf'],
      [1767600045, '-Inf'],
      [1767600300, '2'],
    ];
    expect(read(answer({ metric: {}, values }))).toEqual(series([0, 300], [1, 2]));
  });

  it('may be the data alone, or a list of points', () => {
    const result = [
      {
        metric: {},
        values: [
          [1767600000, '1'],
          [1767600060, '2'],
        ],
      },
    ];
    expect(read(JSON.stringify({ resultType: 'matrix', result }))).toEqual(series([0, 60], [1, 2]));
    expect(read('[[0, 1], [60, null], [120, 2]]')).toEqual(series([0, 120], [1, 2]));
  });

  it.each([
    [
      'several series',
      answer({ metric: { pod: 'a' }, values: [] }, { metric: { pod: 'b' }, values: [] }),
      'has 2 series ({"pod":"a"}, {"pod":"b"}); make one of them, for example by sum()',
    ],
    ['no series', answer(), 'has no series: the query found nothing'],
    ['a series without points', answer({ metric: {}, values: [] }), 'has no values'],
    [
      'an instant query',
      JSON.stringify({ status: 'success', data: { resultType: 'vector', result: [{ metric: {}, value: [0, '1'] }] } }),
      'is the answer to an instant query (vector); ask /api/v1/query_range',
    ],
    [
      'an error',
      JSON.stringify({ status: 'error', errorType: 'bad_data', error: 'invalid parameter "query"' }),
      'is an error of Prometheus: bad_data: invalid parameter "query"',
    ],
    ['native histograms', answer({ metric: {}, histograms: [[0, {}]] }), 'has a native histogram'],
    ['half an answer', '{"status":"success","data":{"resultType":"ma', 'is no valid JSON'],
    ['other JSON', '{"a": 1}', 'must be the answer of Prometheus to a range query'],
    ['points of three', '[[0, 1, 2]]', 'value 1 must be [time, value]'],
    ['points without times', '[["noon", 1]]', 'value 1 has no time'],
  ])('refuses %s', (_, text, error) => {
    expect(read(text)).toEqual({ error: expect.stringContaining(error) as unknown });
  });
});

describe('replay in a scenario', () => {
  const replaying = (fields: string, more = '') => `${SMALL.replace('rate: 10 ', `replay: { ${fields} } `)}${more}`;
  const files = { 'rec/web.csv': 'time,value\n2026-03-29 01:30:00,10\n2026-03-29 03:30:00,30\n', 'bad.csv': 'a,b,c\n' };

  it('reads the file beside it in the time zone of the scenario, and scales it', () => {
    const text = replaying('file: ./rec/web.csv, scale: 2, repeat: true', 'timeZone: Europe/Berlin\n');
    const [users] = parseText(text, { files }).load;
    expect(users).toMatchObject({
      rate: 40,
      parts: [{ kind: 'replay', times: [0, 3600], values: [20, 60], repeat: true }],
    });
  });

  it('reads a file that an included scenario names from the folder of that', () => {
    const fleet = 'load: { recorded: { to: web, replay: { file: web.csv } } }\n';
    const text = `${SMALL}include: rec/fleet.yaml\n`;
    expect(parseText(text, { files: { ...files, 'rec/fleet.yaml': fleet } }).load.at(-1)?.name).toBe('buyers');
    expect(complaints(text, { files: { 'rec/fleet.yaml': fleet } })).toEqual([
      'rec/fleet.yaml:1:46: load.recorded.replay.file: cannot read "web.csv": no such file: rec/web.csv',
    ]);
  });

  it('says in which file and line a recording is wrong', () => {
    expect(complaints(replaying('file: bad.csv'), { files })).toEqual([
      'shop.yaml:16:37: load.users.replay.file: "bad.csv" line 1 has 3 columns (a, b, c); keep the time and one series, or their sum',
    ]);
  });
});
