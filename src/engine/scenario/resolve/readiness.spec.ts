import { describe, expect, it } from 'vitest';
import { parseText, SMALL } from '../../../../test/support/scenario/scenario-text.js';

const pasted = (probe: string) => `${SMALL}
kubernetes:
  - apiVersion: apps/v1
    kind: Deployment
    metadata: { name: web }
    spec:
      template:
        spec:
          containers: [{ name: web, image: 'web:1', readinessProbe: ${probe} }]
`;
const web = (text: string) => parseText(text).services.find(({ name }) => name === 'web')!.readiness;

describe('a readiness probe that waits in line', () => {
  it('is off unless asked for, and then has the defaults of Kubernetes', () => {
    const text = SMALL;
    expect(web(text)).toBeNull();
    const defaults = { period: 10, timeout: 1, failureThreshold: 3, successThreshold: 1 };
    expect(web(text.replace('work: 5ms', 'work: 5ms\n    readiness: {}'))).toEqual(defaults);
    expect(web(text.replace('work: 5ms', 'work: 5ms\n    readiness: { timeout: 500ms, period: 5 }'))).toEqual({
      ...defaults,
      ...{ timeout: 0.5, period: 5 },
    });
  });

  it('is what a pasted Deployment says, where the application answers it itself', () => {
    expect(web(pasted('{ httpGet: { path: /, port: 80 }, periodSeconds: 5, timeoutSeconds: 2 }'))).toEqual({
      ...{ period: 5, timeout: 2, failureThreshold: 3, successThreshold: 1 },
    });
    expect(web(pasted('{ grpc: { port: 80 }, failureThreshold: 1, successThreshold: 2 }'))).toEqual({
      ...{ period: 10, timeout: 1, failureThreshold: 1, successThreshold: 2 },
    });
    for (const other of ['{ tcpSocket: { port: 80 } }', '{ exec: { command: [ls] } }'])
      expect(web(pasted(other))).toBeNull();
  });
});
