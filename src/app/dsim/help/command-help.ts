import type { CommandName } from '../commands.js';
import type { CommandHelp } from './help.types.js';
import { SCORE_HELP } from './score-help.js';

const HELP = ['-h, --help', 'This text.'] as const;

const FILE =
  'FILE is a path, the name of a scenario of the library (`dsim list`; a file of that name in this folder wins), or - for standard input.';

export const COMMAND_HELP: Readonly<Record<CommandName, CommandHelp>> = {
  run: {
    usage: 'dsim run FILE [options]',
    summary: 'Simulates a scenario and judges its expectations',
    description: `Simulates a scenario second by second and says what happened: load, latency, errors, replicas and cost over time, SLOs, faults and whom they harmed, expectations. ${FILE}

The same scenario with the same seed gives the same bytes, on any machine. Ctrl-C ends the run after the current second and keeps what was written; a second one ends it at once and keeps nothing.`,
    options: [
      ['--seed N', "Another seed than the scenario's: other noise, other random times, the same fleet."],
      ['--hours N', 'Simulate so many hours.'],
      ['--duration TIME', 'The same as a duration: 90m, 2h30m, 3d.'],
      [
        '--solver NAME',
        'fluid (default): analytic queueing, fast. discrete-event: every request, exact, for small fleets.',
      ],
      ['--set PATH=VALUE', 'Set a field of the scenario, as YAML. May be repeated; later ones win.'],
      ['-o, --out DIR', 'Write the report, ground truth, logs, events and deploys to this folder.'],
      [
        '--format NAME',
        'Write metrics to the folder too: openmetrics (for promtool), prom, jsonl (for VictoriaMetrics) or json. May be repeated, or a list with commas.',
      ],
      ['--force', 'Replace what an earlier run wrote to the folder; files of others in it stay.'],
      ['--junit FILE', 'Write the expectations as JUnit XML for CI: failed ones as failures, unknown ones as errors.'],
      [
        '--ground-truth',
        'Find the series that each fault touched first, by a run without it. On where it is shown or written; --no-ground-truth turns it off.',
      ],
      [
        '--watch',
        'Let the shipped detector watch the run and say when it found each fault. On where an expectation is about detection or incidents; --no-watch turns it off.',
      ],
      ['--json', 'Print the report as JSON instead of the summary.'],
      ['-q, --quiet', 'Print nothing; the exit code tells.'],
      HELP,
    ],
    examples: [
      ['dsim run black-friday', 'A day of the library, with its summary.'],
      ['dsim run shop.yaml --seed 7 --hours 6', 'Your own file, other noise, a quarter of a day.'],
      [
        'dsim run black-friday --set services.checkout.replicas=12 --set load.browse.rate=200',
        'What if? The file stays as it is.',
      ],
      [
        'dsim run zone-loss --out out --format openmetrics',
        'Metrics for your own Prometheus and Grafana; out/README.txt says how.',
      ],
      [
        'dsim run my-policy.yaml --junit results.xml --quiet',
        'A gate in CI: exit code 1 unless every expectation is met.',
      ],
    ],
  },
  validate: {
    usage: 'dsim validate FILE... [options]',
    summary: 'Checks scenarios and lists every mistake with line and column',
    description: `Reads scenarios with everything they include, and checks names, units, ranges and references, as a run would. Mistakes come as a compiler prints them: file:line:column: path: what is wrong and how to cure it. ${FILE}`,
    options: [
      ['--set PATH=VALUE', 'Check with this field set.'],
      ['-q, --quiet', 'Say nothing of those that are valid.'],
      HELP,
    ],
    examples: [
      ['dsim validate scenarios/*.yaml', 'All of a folder; exit code 2 when any of them is invalid.'],
      ['dsim validate shop.yaml --set duration=30d', 'Would it still be valid?'],
    ],
  },
  list: {
    usage: 'dsim list [DIR] [options]',
    summary: 'Shows the library of scenarios, or the faults there are',
    description:
      'Lists the scenarios of the library, or of a folder, each with what it teaches. With --faults: every kind of fault, what it acts on and its settings, as a scenario names them.',
    options: [['--faults', 'The kinds of faults instead.'], ['--json', 'As JSON.'], HELP],
    examples: [
      ['dsim list', 'The library.'],
      ['dsim list my-scenarios', 'Those of a folder.'],
      ['dsim list --faults', 'What can go wrong.'],
    ],
  },
  explain: {
    usage: 'dsim explain FILE [options]',
    summary: 'Tells what will happen when, without simulating',
    description: `Tells what a scenario is about before it runs: the fleet and what it costs, who calls whom, the load by hour and its peak, faults and changes in local and run time, policies, SLOs and expectations. Nothing is simulated but the arrivals of users. ${FILE}`,
    options: [
      ['--seed N', "Another seed than the scenario's."],
      ['--set PATH=VALUE', 'Explain with this field set.'],
      HELP,
    ],
    examples: [
      ['dsim explain black-friday', 'Read this before the run.'],
      ['dsim explain shop.yaml --set duration=7d', 'A week of load, with its weekend.'],
    ],
  },
  score: SCORE_HELP,
  schema: {
    usage: 'dsim schema [options]',
    summary: 'Prints the JSON Schema of the language, for editors',
    description:
      'Prints the JSON Schema of scenarios. Editors that know it complete names, show documentation and underline mistakes while you type.',
    options: [['--path', 'Print where the file stands instead.'], HELP],
    examples: [
      ['dsim schema > scenario.schema.json', 'A copy beside your own scenarios.'],
      [
        '# yaml-language-server: $schema=./scenario.schema.json',
        'As the first line of a scenario: editors with the YAML language server use the schema.',
      ],
    ],
  },
};
