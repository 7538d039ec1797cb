/** The name, or with a number behind it where it is taken. */
export function freeName(name: string, taken: { has(name: string): boolean }): string {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name}-${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}
