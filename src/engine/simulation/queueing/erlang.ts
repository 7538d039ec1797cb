import { gamma } from './gamma.js';

/**
 * Erlang's loss formula: the share of requests that find all servers busy where nobody waits.
 *
 * For a number of servers that is not whole it is the continuous extension 1/B = a ∫ e^(-at) (1+t)^c dt (Jagerman,
 * "Some properties of the Erlang loss function", Bell System Technical Journal 53, 1974), evaluated between 0 and 1 by
 * the incomplete gamma function and carried up by 1/B(c+1) = 1 + (c+1)/a · 1/B(c), which loses no digits.
 *
 * @param servers at least 0; the cost is linear in it
 * @param load offered load in Erlang (arrival rate x mean service time), at least 0
 */
export function erlangB(servers: number, load: number): number {
  if (load <= 0) return servers > 0 ? 0 : 1;
  const whole = Math.floor(servers);
  const fraction = servers - whole;
  let inverse = fraction === 0 ? 1 : inverseLossBelowOne(fraction, load);
  for (let k = 1; k <= whole; k++) {
    inverse = 1 + ((k + fraction) / load) * inverse;
    if (inverse === Infinity) return 0;
  }
  return 1 / inverse;
}

/** Erlang's delay formula: the share of requests that wait in M/M/c. 1 where the load reaches the servers. */
export function erlangC(servers: number, load: number): number {
  if (load >= servers) return 1;
  const blocked = erlangB(servers, load);
  return (servers * blocked) / (servers - load * (1 - blocked));
}

/** Mean seconds of waiting (service excluded) in M/M/c; Infinity in overload. `rate` per second, `service` in seconds. */
export function mmcWait(servers: number, rate: number, service: number): number {
  const load = rate * service;
  if (load >= servers) return Infinity;
  return (erlangC(servers, load) * service) / (servers - load);
}

/** Share of requests that wait longer than `time` seconds in M/M/c, first come first served. */
export function mmcWaitTail(servers: number, rate: number, service: number, time: number): number {
  const load = rate * service;
  if (load >= servers) return 1;
  return erlangC(servers, load) * Math.exp((-(servers - load) * time) / service);
}

/**
 * Mean seconds of waiting in M/G/1 (Pollaczek and Khinchine); Infinity in overload.
 *
 * @param scv squared coefficient of variation of the service time
 */
export function mg1Wait(rate: number, service: number, scv: number): number {
  const load = rate * service;
  if (load >= 1) return Infinity;
  return (load * service * (1 + scv)) / (2 * (1 - load));
}

/** Share of requests that are refused by M/M/1/K: one server, `places` places with the one in service included. */
export function mm1kBlocking(places: number, load: number): number {
  if (load === 1) return 1 / (places + 1);
  return ((1 - load) * load ** places) / (1 - load ** (places + 1));
}

/** 1/B for 0 < servers < 1: e^a a^-s Γ(s + 1, a). */
function inverseLossBelowOne(servers: number, load: number): number {
  return load < 1.5 ? bySeries(servers + 1, load) : load * byContinuedFraction(servers + 1, load);
}

/** e^x x^(1-s) Γ(s, x) as Γ(s) less the series of the lower function (DLMF 8.7.1). */
function bySeries(s: number, x: number): number {
  let term = 1 / s;
  let sum = term;
  for (let k = 1; term > sum * 1e-17; k++) sum += term *= x / (s + k);
  return gamma(s) * Math.exp(x) * x ** (1 - s) - x * sum;
}

/** e^x x^-s Γ(s, x) by Legendre's continued fraction (DLMF 8.9.2) with Lentz's method. */
function byContinuedFraction(s: number, x: number): number {
  let b = x + 1 - s;
  let c = 1e300;
  let d = 1 / b;
  let value = d;
  for (let k = 1; k < 10_000; k++) {
    const a = -k * (k - s);
    b += 2;
    d = 1 / (a * d + b);
    c = b + a / c;
    value *= c * d;
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return value;
}
