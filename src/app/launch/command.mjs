// `npm run features` and its like: builds what is missing, then runs dist/app/commands/NAME.js in this process.
import { checkNode } from './check-node.mjs';

checkNode();
import('./run-command.mjs');
