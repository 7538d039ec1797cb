import type { CommandHelp } from './help.types.js';

export const SCORE_HELP: CommandHelp = {
  usage:
    'dsim score SCENARIO... [options]\n       dsim score SCENARIO... --faults [options]\n       dsim score --nab DIR\n       dsim score --csv FILE --windows FILE',
  summary: 'Scores detectors and alert rules on what is known to be wrong',
  description: `Watches runs with detectors, or evaluates your alert rules over them, and compares what they say with what is known to be wrong: the faults of a scenario, a matrix of all kinds of faults, past incidents, or a public benchmark. It says how many of the faults that harmed users were found within three scrapes of the harm, how long it took, how many pages were right, and how many false alarms calm time brings, each with its 95 % interval, and lists every miss and false alarm.

A detection counts if an anomaly opens between the start of a fault and ten minutes after its end, on a service that the fault touches. Pages outside are false alarms. The same command gives the same figures, on any machine and however many cores.`,
  options: [
    ['--seeds LIST', "Seeds of the runs: 1..5, or 1,2,9. Default: the scenario's own."],
    [
      '--detector LIST',
      'channel-ensemble (shipped, default), robust-window, windowed-gaussian, value-knn, range-novelty. May be repeated.',
    ],
    [
      '--rules FILE',
      'Prometheus rule file to score beside the detectors, or alone: over scenarios, --faults and --csv. Needs prometheus and promtool on this machine. May be repeated.',
    ],
    [
      '--config FILE',
      'Detection settings as the service keeps them (falseAlarmsPerWeek, rules), in YAML or JSON, as a row of its own. May be repeated.',
    ],
    ['--false-alarms-per-week N', 'What the shipped detector is set to, per 1,000 series. Default 1.'],
    [
      '--faults',
      'The fault matrix: each kind of fault at a random time, on a random target, in a future of its own, on calm days of the fleet with deploys and autoscaling. The faults of the scenario are left out.',
    ],
    ['--kinds LIST', 'With --faults: only these kinds (`dsim list --faults`).'],
    ['--per-kind N', 'With --faults: faults of each kind and seed. Default 1.'],
    ['--days N', 'With --faults: calm days that are counted. Default 1.'],
    ['--warm-up-days N', 'Days at the start that do not count. Default: 2 with --faults, else an hour.'],
    [
      '--nab DIR',
      'The Numenta Anomaly Benchmark by its own rules, shipped detector and baselines. DIR holds data/ and windows.json or labels/combined_windows.json.',
    ],
    [
      '--csv FILE',
      'Recorded series: the first column is the time, each other one a series, named as Prometheus prints it: up{job="web"}. Or lines of JSON, as `dsim run --format jsonl` writes them.',
    ],
    ['--windows FILE', 'What was wrong in it: CSV with columns from and to, and where wanted kind, harm and services.'],
    ['-o, --out DIR', 'Write score.html (with every miss and false alarm drawn), score.json and score.txt.'],
    ['--junit FILE', 'Write harmful faults that were missed, and gates that were not kept, as JUnit XML.'],
    ['--min-recall PERCENT', 'Gate: exit code 1 where the first row finds less of the harmful faults in time.'],
    ['--max-false-alarms N', 'Gate: exit code 1 where the first row says more per 1,000 series and week in calm time.'],
    ['--jobs N', 'Runs at the same time. Default: one per core, 8 at most.'],
    ['--json', 'Print the score card as JSON.'],
    ['-q, --quiet', 'Print nothing; the exit code tells.'],
    ['-h, --help', 'This text.'],
  ],
  examples: [
    [
      'dsim score cache-stampede --rules alerts.yml --detector channel-ensemble',
      'Do your rules find it? Does the detector?',
    ],
    ['dsim score calm-day --seeds 1..5 --rules alerts.yml', 'What would have paged for nothing.'],
    [
      'dsim score calm-day --faults --seeds 1..3 --out card',
      'All kinds of faults on this fleet; card/score.html shows what was missed.',
    ],
    ['dsim score shop.yaml --faults --min-recall 90 --max-false-alarms 1 --junit score.xml', 'A gate in CI.'],
    ['dsim score --nab NAB', 'The public benchmark, from a clone of its repository.'],
    ['dsim score calm-day --faults --rules alerts.yml', 'Which kinds of faults your rules would page for.'],
    [
      'dsim score --csv metrics.csv --windows incidents.csv --rules alerts.yml',
      'Your own data, your own incidents, your own rules.',
    ],
  ],
};
