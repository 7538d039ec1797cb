/**
 * Answers with a sentence where this Node is too old, and nothing where it will do. Kept free of imports and of new
 * syntax: it must run where nothing else of the product does.
 */
export function nodeVersionProblem(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return undefined;
  return `DevOps Simulator needs Node 20.19 or newer, and this is Node ${version}. Install a newer one from https://nodejs.org and start again.`;
}
