import { erlangC } from '../queueing/erlang.js';

/** Points of the table of Erlang's formula over utilisation. */
const POINTS = 256;
/** Servers above which the formula is that of so many: waiting is then rare until the load is within 3 % of them. */
const MOST_SERVERS = 1024;

/** Pure functions of the number of servers, made when first asked for. */
const tables: (Float64Array | undefined)[] = [];

/** Probability to wait in M/M/c by utilisation (0 to 1), from a table: within 1e-4 of Erlang's formula. */
export function waitProbability(servers: number, utilisation: number): number {
  const whole = servers >= MOST_SERVERS ? MOST_SERVERS : Math.max(1, Math.round(servers));
  const table = (tables[whole] ??= makeTable(whole));
  const position = utilisation * POINTS;
  if (!(position < POINTS)) return 1;
  const below = position | 0;
  return table[below]! + (position - below) * (table[below + 1]! - table[below]!);
}

function makeTable(servers: number): Float64Array {
  return Float64Array.from({ length: POINTS + 1 }, (_, i) => erlangC(servers, (servers * i) / POINTS));
}

/**
 * Mean number that waits in M/G/c: Erlang's delay formula times (1 + scv) / 2 (Lee and Longton 1959, the Poisson case
 * of Allen and Cunneen), exact for M/M/c and M/G/1.
 */
export function meanQueue(servers: number, utilisation: number, scv: number): number {
  if (!(utilisation < 1)) return Infinity;
  return (waitProbability(servers, utilisation) * utilisation * (1 + scv)) / (2 * (1 - utilisation));
}

/**
 * The utilisation at which capacity x u + meanQueue(u) = content: what an implicit step of the pointwise stationary
 * fluid flow approximation (Wang, Tipper and Banerjee 1996) asks for. Solved as a quadratic in u with Erlang's
 * formula held, then again at the result. Between 0 and 1.
 *
 * @param capacity what leaves in a step at utilisation 1, plus what is then in service
 * @param guess where to begin: the last solution
 */
export function utilisationAt(content: number, capacity: number, servers: number, scv: number, guess: number): number {
  if (!(content > 0)) return 0;
  if (!(capacity > 0)) return 1;
  let low = 0;
  let high = Math.min(1, content / capacity);
  let utilisation = Math.min(high, guess);
  for (let i = 0; i < 30; i++) {
    const weight = (waitProbability(servers, utilisation) * (1 + scv)) / 2;
    const half = capacity + weight + content;
    const next = (2 * content) / (half + Math.sqrt(Math.max(0, half * half - 4 * capacity * content)));
    // The solution lies between a point and its image, as the image falls when the point rises.
    if (next > utilisation) low = utilisation;
    else high = utilisation;
    if (Math.abs(next - utilisation) < 1e-8) break;
    utilisation = next > low && next < high ? next : (low + high) / 2;
  }
  return Math.min(1, utilisation);
}
