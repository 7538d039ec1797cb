// Writes the ONNX files that our own scripts make: `node models/build.mjs`. Vite only loads the TypeScript.
import { runnerImport } from 'vite';

const here = import.meta.dirname;
const { module } = await runnerImport(`${here}/tools/write-models.ts`, { root: `${here}/..`, logLevel: 'error' });
module.writeModels(process.argv[2] ?? here);
