import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { checkPortIsFree } from './port-check.js';

describe('checkPortIsFree', () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  it('names the port and the variable when another program has it', async () => {
    server = createServer();
    await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await expect(checkPortIsFree({ host: '127.0.0.1', port })).rejects.toThrow(
      new RegExp(`Port ${port} is taken by another program.*HTTP_PORT=`),
    );
  });

  it('leaves the port free', async () => {
    server = createServer();
    await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server!.close(resolve));
    await checkPortIsFree({ host: '127.0.0.1', port });
    await checkPortIsFree({ host: '127.0.0.1', port });
  });

  it('says so when the machine has no such address', async () => {
    await expect(checkPortIsFree({ host: '203.0.113.7', port: 34_999 })).rejects.toThrow('HTTP_HOST');
  });

  it('has nothing to check when the system chooses', async () => {
    await expect(checkPortIsFree({ host: 'not an address', port: 0 })).resolves.toBeUndefined();
  });
});
