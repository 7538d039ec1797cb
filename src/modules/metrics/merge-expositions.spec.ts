import { describe, expect, it } from 'vitest';
import { mergeExpositions } from './merge-expositions.js';

const API = `# HELP jobs_total Jobs.
# TYPE jobs_total counter
jobs_total{process="api"} 1

# HELP up Up.
# TYPE up gauge
up{process="api"} 1
`;
const WORKER = `# HELP up Up.
# TYPE up gauge
up{process="worker"} 1

# HELP run_seconds Run time.
# TYPE run_seconds histogram
run_seconds_bucket{le="1",process="worker"} 2
run_seconds_sum{process="worker"} 0.5
run_seconds_count{process="worker"} 2
`;

describe('mergeExpositions', () => {
  it('keeps the samples of a family together under one HELP and TYPE', () => {
    expect(mergeExpositions([API, WORKER])).toBe(`# HELP jobs_total Jobs.
# TYPE jobs_total counter
jobs_total{process="api"} 1
# HELP up Up.
# TYPE up gauge
up{process="api"} 1
up{process="worker"} 1
# HELP run_seconds Run time.
# TYPE run_seconds histogram
run_seconds_bucket{le="1",process="worker"} 2
run_seconds_sum{process="worker"} 0.5
run_seconds_count{process="worker"} 2
`);
  });

  it('keeps a family that has no samples, and takes an empty text', () => {
    expect(mergeExpositions(['# HELP a A.\n# TYPE a counter\n', ''])).toBe('# HELP a A.\n# TYPE a counter\n');
  });

  it('does not lose samples of a family that one process knows only by name', () => {
    const merged = mergeExpositions([
      '# HELP a A.\n# TYPE a counter\n',
      '# HELP a A.\n# TYPE a counter\na{process="worker"} 3\n',
    ]);
    expect(merged).toBe('# HELP a A.\n# TYPE a counter\na{process="worker"} 3\n');
  });
});
