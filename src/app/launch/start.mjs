#!/usr/bin/env node
// `npm start`: installs and builds what is missing, then runs the product in this very process.
import { checkNode } from './check-node.mjs';

checkNode();
import('./start-product.mjs');
