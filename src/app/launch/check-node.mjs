// Runs before anything is known to be new enough, so: no imports, and no syntax younger than modules themselves.

/** Exits with a sentence, and this code, where this Node is too old for the product. */
export function checkNode(exitCode = 1) {
  const version = process.versions.node;
  const parts = version.split('.').map(Number);
  if (parts[0] > 20 || (parts[0] === 20 && parts[1] >= 19)) return;
  process.stderr.write(
    'DevOps Simulator needs Node 20.19 or newer, and this is Node ' +
      version +
      '. Install a newer one from https://nodejs.org and start again.\n',
  );
  process.exit(exitCode);
}
