// `npm test [-- file ...]`: sets up, then runs every suite that this machine can run.
import { checkNode } from './check-node.mjs';

checkNode();
import('./run-tests.mjs');
