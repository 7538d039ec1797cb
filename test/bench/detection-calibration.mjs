// Makes the shipped calibration: how often calm series reach a raw score, fitted on some seeds of the shop, judged on others.
//   npm run -s bench -- calibration [--fit 11..12] [--judge 1000] [--days 2] [--warm-up-days 1] [--fleets shop,two-clouds]
// Prints what `src/engine/detection/calibration/shipped-calibration.ts` holds, and chosen beside measured rates.
import { parseArgs } from 'node:util';
import { loadTypeScript } from './load-typescript.mjs';

const { values } = parseArgs({
  options: {
    fit: { type: 'string', default: '11..12' },
    judge: { type: 'string', default: '1000' },
    days: { type: 'string', default: '2' },
    'warm-up-days': { type: 'string', default: '1' },
    fleets: { type: 'string', default: 'shop,two-clouds' },
  },
});
const { run } = await loadTypeScript(new URL('./detection-calibration.ts', import.meta.url));
await run(values);
