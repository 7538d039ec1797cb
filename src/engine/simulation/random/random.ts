/**
 * State of one stream: xoshiro128** (Blackman and Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS
 * 47, 2021), period 2^128 - 1. Four words, none of them shared, so that a copy of the state goes on alike.
 */
export type RandomStream = Uint32Array;

/**
 * A stream of its own per purpose (`load/web`): what one part draws never shifts what another part draws.
 *
 * @param seed whole, 0 to 2^32 - 1
 */
export function createRandom(seed: number, purpose: string): RandomStream {
  let hash = (seed ^ 0x9e3779b9) >>> 0;
  for (let i = 0; i < purpose.length; i++) hash = mix(hash ^ Math.imul(purpose.charCodeAt(i) + 1, 0x85ebca6b));
  const state = new Uint32Array(4);
  for (let i = 0; i < 4; i++) {
    hash = (hash + 0x9e3779b9) >>> 0;
    state[i] = mix(hash);
  }
  if ((state[0]! | state[1]! | state[2]! | state[3]!) === 0) state[0] = 1;
  return state;
}

/** Whole, 0 to 2^32 - 1. */
export function nextUint32(state: RandomStream): number {
  const s1 = state[1]!;
  const scrambled = Math.imul(rotate(Math.imul(s1, 5), 7), 9) >>> 0;
  const shifted = s1 << 9;
  state[2]! ^= state[0]!;
  state[3]! ^= s1;
  state[1]! ^= state[2]!;
  state[0]! ^= state[3]!;
  state[2]! ^= shifted;
  state[3] = rotate(state[3]!, 11);
  return scrambled;
}

/** Uniform over the open interval (0, 1), so that its logarithm is finite: 32 random bits. */
export function nextUniform(state: RandomStream): number {
  return (nextUint32(state) + 0.5) * 2.3283064365386963e-10;
}

/** Whole, 0 to `below` - 1; `below` at most 2^32. The bias is below `below` / 2^32. */
export function nextBelow(state: RandomStream, below: number): number {
  return Math.floor(nextUniform(state) * below);
}

/** Exponential with the given mean. */
export function nextExponential(state: RandomStream, mean: number): number {
  return -Math.log(nextUniform(state)) * mean;
}

/** Standard normal (Box and Muller 1958; one of the pair, so that the state stays four words). */
export function nextNormal(state: RandomStream): number {
  const radius = Math.sqrt(-2 * Math.log(nextUniform(state)));
  return radius * Math.cos(2 * Math.PI * nextUniform(state));
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

/** Finalizer of MurmurHash3. */
function mix(word: number): number {
  let hash = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
