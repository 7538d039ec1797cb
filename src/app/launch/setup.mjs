// `npm run setup`: installs and builds what is missing, and starts nothing. `npm run build` adds the types: --check.
import { checkNode } from './check-node.mjs';

checkNode();
import('./set-up.mjs');
