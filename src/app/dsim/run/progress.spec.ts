import { expect, it } from 'vitest';
import { RecordingTerminal } from '../../../../test/support/simulation/recording-terminal.js';
import { createProgress, progressLine } from './progress.js';

it('says how far, how fast and how long', () => {
  expect(progressLine('shop', 30, 120, 2, 100)).toBe(
    `shop ${'█'.repeat(8)}${'░'.repeat(22)} 25 %, 15 x real time, 6 s left`,
  );
  expect(progressLine('shop', 0, 86_400, 0, 100)).toBe(`shop ${'░'.repeat(30)} 0 %, 0 x real time`);
  expect(progressLine('shop', 120, 120, 3, 100)).toContain(`${'█'.repeat(30)} 100 %`);
});

it.each([100, 60, 50, 40, 30, 20, 12, 5])('never takes more than %d characters', (width) => {
  const line = progressLine('flash-crowd-hpa-too-slow', 40_000, 86_400, 3.5, width);
  expect(line.length).toBeLessThanOrEqual(width);
  expect(line).toContain('46 %');
});

it('shows up on a screen only, and at most ten times a second', () => {
  const screen = new RecordingTerminal({ live: true });
  let time = 0;
  const progress = createProgress(screen, true, 'shop', () => time);
  for (time = 1000; time < 2000; time += 10) progress.update(time, 86_400);
  progress.clear();
  expect(screen.stderr.match(/shop/g)).toHaveLength(10);
  expect(screen.stderr.endsWith('\r\x1b[K')).toBe(true);
  expect(screen.stdout).toBe('');

  for (const [terminal, shown] of [
    [new RecordingTerminal(), true],
    [new RecordingTerminal({ live: true }), false],
  ] as const) {
    const silent = createProgress(terminal, shown, 'shop', () => 0);
    silent.update(1, 2);
    silent.clear();
    expect(terminal.stderr).toBe('');
  }
});
