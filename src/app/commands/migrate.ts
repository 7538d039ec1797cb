import { processEnvironment } from '../../platform/config/environment.js';
import { openDatabase } from '../open-database.js';
import { prepare } from '../preparation.js';
import { ProcessLifecycle } from '../process-lifecycle.js';
import { runCommand } from './command.js';

runCommand(
  import.meta.url,
  {
    usage: 'npm run migrate',
    description:
      'Brings the database to the schema of this release, and ends. A start does the same; run this before it where\n' +
      'the processes that serve may not change the schema.',
  },
  {},
  async () => {
    const report = (line: string): void => void process.stderr.write(`${line}\n`);
    const lifecycle = new ProcessLifecycle({ report, exit: (code) => process.exit(code) });
    lifecycle.listen();
    const env = processEnvironment();
    try {
      const first = await prepare(env);
      const database = await openDatabase(first, lifecycle, report);
      const { configuration } = database.override ? await prepare(env, [database.override]) : first;
      const ran = await database.migrate(configuration);
      process.stdout.write(
        ran.length === 0 ? 'The database is up to date.\n' : `Ran ${ran.length}:\n  ${ran.join('\n  ')}\n`,
      );
      return 0;
    } finally {
      await lifecycle.stop();
    }
  },
);
