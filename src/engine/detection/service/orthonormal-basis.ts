/**
 * Unit vectors at right angles that span the first `rank` rows (Gram and Schmidt, modified). A row that depends on those
 * before it becomes zero.
 *
 * @param rows `rank` or more rows of `length` numbers
 */
export function orthonormalBasis(rows: Float64Array, length: number, rank: number, basis: Float64Array): void {
  for (let i = 0; i < rank; i += 1) {
    const at = i * length;
    let before = 0;
    for (let j = 0; j < length; j += 1) {
      const value = rows[at + j]!;
      basis[at + j] = value;
      before += value * value;
    }
    for (let p = 0; p < i; p += 1) {
      const other = p * length;
      let dot = 0;
      for (let j = 0; j < length; j += 1) dot += basis[at + j]! * basis[other + j]!;
      for (let j = 0; j < length; j += 1) basis[at + j] = basis[at + j]! - dot * basis[other + j]!;
    }
    let norm = 0;
    for (let j = 0; j < length; j += 1) norm += basis[at + j]! * basis[at + j]!;
    const scale = norm > 1e-12 * before && norm > 0 ? 1 / Math.sqrt(norm) : 0;
    for (let j = 0; j < length; j += 1) basis[at + j] = basis[at + j]! * scale;
  }
}

/** Solves a x = b in place for a symmetric positive definite a of n × n (Cholesky), with a ridge that keeps it so. */
export function solveSymmetric(a: Float64Array, b: Float64Array, n: number, ridge: number): void {
  for (let i = 0; i < n; i += 1) {
    a[i * n + i] = a[i * n + i]! + ridge;
    for (let j = 0; j <= i; j += 1) {
      let sum = a[i * n + j]!;
      for (let k = 0; k < j; k += 1) sum -= a[i * n + k]! * a[j * n + k]!;
      a[i * n + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / a[j * n + j]!;
    }
  }
  for (let i = 0; i < n; i += 1) {
    let sum = b[i]!;
    for (let k = 0; k < i; k += 1) sum -= a[i * n + k]! * b[k]!;
    b[i] = sum / a[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i -= 1) {
    let sum = b[i]!;
    for (let k = i + 1; k < n; k += 1) sum -= a[k * n + i]! * b[k]!;
    b[i] = sum / a[i * n + i]!;
  }
}
