import { makeCounterProvider } from '@willsoto/nestjs-prometheus';

export const LOGINS_TOTAL = 'dsim_auth_logins_total';
export const REFUSALS_TOTAL = 'dsim_auth_refusals_total';

export const authMetrics = [
  makeCounterProvider({
    name: LOGINS_TOTAL,
    help: 'Password checks by outcome: succeeded, failed, locked',
    labelNames: ['outcome'],
  }),
  makeCounterProvider({
    name: REFUSALS_TOTAL,
    help: 'Requests that were refused, by error code',
    labelNames: ['code'],
  }),
];
