import { nodeVersionProblem } from './app/node-version.js';

const problem = nodeVersionProblem(process.versions.node);
if (problem === undefined) {
  // Imported only now: nothing else may be loaded by a Node that cannot run it.
  const { main } = await import('./app/main-process.js');
  await main();
} else {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 1;
}
