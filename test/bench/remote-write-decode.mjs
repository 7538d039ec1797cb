// Prints samples/s of the remote-write decoders and the storage codecs, one core. `node test/bench/remote-write-decode.mjs`
import { runnerImport } from 'vite';

const { module } = await runnerImport(new URL('./remote-write-decode.ts', import.meta.url).pathname, {
  configFile: false,
  logLevel: 'error',
});
module.run();
process.exit(0);
