// `npm run dev`: as start, and then again after every change, with the inspector open.
import { checkNode } from './check-node.mjs';

checkNode();
import('./develop.mjs');
