import { describe, expect, it } from 'vitest';
import { DomainError } from '../kernel/errors.js';
import { BootError, describeBootError } from './boot-error.js';
import { nodeVersionProblem } from './node-version.js';

const expected = new DomainError({ code: 'a.b', kind: 'internal', message: 'The disk is full. Free some space.' });

describe('describeBootError', () => {
  it('is the sentence of an expected failure, and nothing else', () => {
    expect(describeBootError(expected, false)).toBe('The disk is full. Free some space.');
    expect(describeBootError(new BootError('Port 1 is taken.'), false)).toBe('Port 1 is taken.');
  });

  it('shows where it came from when debugging, causes included', () => {
    const text = describeBootError(new BootError('Outer.', new Error('inner')), true);
    expect(text).toContain('boot-error.spec');
    expect(text).toContain('inner');
  });

  it.each([
    ['ENOSPC', 'disk is full'],
    ['EACCES', 'may not use'],
    ['EMFILE', 'ulimit'],
  ])('explains %s', (code, words) => {
    expect(describeBootError(Object.assign(new Error('x'), { code, path: '/p' }), false)).toContain(words);
  });

  it('points to the debug switch for the unexpected, without a stack', () => {
    const text = describeBootError(new TypeError('x is not a function'), false);
    expect(text).toContain('x is not a function');
    expect(text).toContain('DSIM_DEBUG=true');
    expect(text).not.toContain('    at ');
    expect(describeBootError('odd', false)).toContain('odd');
  });
});

describe('nodeVersionProblem', () => {
  it.each(['20.19.0', '20.20.2', '22.0.0', '24.1.0'])('accepts %s', (version) => {
    expect(nodeVersionProblem(version)).toBeUndefined();
  });

  it.each(['20.18.3', '18.20.0', '8.0.0'])('refuses %s with the cure', (version) => {
    expect(nodeVersionProblem(version)).toMatch(new RegExp(`20\\.19.*${version.replaceAll('.', '\\.')}.*nodejs\\.org`));
  });
});
