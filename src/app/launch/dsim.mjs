#!/usr/bin/env node
// `dsim` and `npm run dsim`: installs and builds what is missing, then runs the command in this very process.
import { checkNode } from './check-node.mjs';

// 1 would say that an expectation failed.
checkNode(2);
import('./run-dsim.mjs');
