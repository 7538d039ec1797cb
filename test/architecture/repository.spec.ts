import { describe, expect, it } from 'vitest';
import { readText, repositoryFiles } from './support/repository.js';

const BINARY = /\.(onnx|png|ico|woff2?|gz|br|pb|bin|snappy)$/;
const texts = repositoryFiles().filter((file) => !BINARY.test(file));

const filesWith = (pattern: RegExp, files = texts): readonly string[] =>
  files.filter((file) => pattern.test(readText(file)));

describe('the repository', () => {
  it('names no place where somebody happened to work on it', () => {
    // Written in parts, so that this file does not name them either. The image's build has a home of its own.
    const places = ['work/main', 'work/shared', 'root/(?!\\.npm)', 'home/[a-z]', 'Users/[A-Za-z]'].map(
      (path) => `(?<![\\w.:/*$}-])/${path}`,
    );

    expect(filesWith(new RegExp(places.join('|')))).toEqual([]);
  });

  it('names no package registry: everybody installs from their own', () => {
    expect(readText('.npmrc')).not.toMatch(/registry\s*=/);
    expect(readText('package-lock.json')).not.toMatch(/"resolved"/);
  });

  it('locks what package.json asks for', () => {
    interface Manifest {
      readonly dependencies: Record<string, string>;
      readonly devDependencies: Record<string, string>;
      readonly engines: { readonly node: string };
    }
    const manifest = JSON.parse(readText('package.json')) as Manifest;
    const lock = JSON.parse(readText('package-lock.json')) as { packages: Record<string, Manifest> };

    expect(lock.packages['']).toMatchObject({
      dependencies: manifest.dependencies,
      devDependencies: manifest.devDependencies,
      engines: manifest.engines,
    });
  });

  it('holds no secret and nothing that was built', () => {
    expect(filesWith(/-----BEGIN [A-Z ]*PRIVATE KEY-----\n[A-Za-z0-9+/=]{40}/)).toEqual([]);
    expect(repositoryFiles().filter((file) => /(^|\/)(node_modules|dist|coverage|\.data)\//.test(file))).toEqual([]);
    expect(repositoryFiles().filter((file) => /(^|\/)\.env(\.|$)/.test(file))).toEqual([]);
  });
});
