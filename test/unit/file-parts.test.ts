import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { writePart } from '../../src/web/index.ts';

const PART = 'x'.repeat(1024 * 1024);
const PARTS = 20;

test('a long file leaves in parts as its reader takes them, and no part leaves listeners behind', async () => {
  let left = 0;
  const server = createServer((_req, res) => {
    void (async () => {
      const before = res.listenerCount('close');
      for (let i = 0; i < PARTS; i++) await writePart(res, PART);
      left = res.listenerCount('drain') + res.listenerCount('close') - before;
      res.end();
    })();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const [answer] = (await once(get({ port, agent: false }), 'response')) as [IncomingMessage];
  let length = 0;
  for await (const chunk of answer) length += (chunk as Buffer).length;
  expect(length).toBe(PARTS * PART.length);
  expect(left).toBe(0);
  await new Promise((closed) => server.close(closed));
});

test('whoever goes away in the middle keeps nobody waiting', async () => {
  let done: () => void;
  const over = new Promise<void>((resolve) => (done = resolve));
  const server = createServer((_req, res) => {
    void (async () => {
      while (!res.destroyed) await writePart(res, PART);
      done();
    })();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const [answer] = (await once(get({ port, agent: false }), 'response')) as [IncomingMessage];
  answer.destroy();
  await over;
  await new Promise((closed) => server.close(closed));
});
