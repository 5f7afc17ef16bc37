import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { startImap, type ImapServer } from '../support/imap.ts';

const fixture = (name: string) => readFileSync(`test/fixtures/bounces/${name}.eml`);

onBothEngines(({ storage }) => {
  let imap: ImapServer;
  let started: TestApp;
  beforeEach(async () => {
    imap = await startImap();
    started = await startApp(storage(), { environment: { IMAP_URL: imap.url } });
  });
  afterEach(async () => {
    await started.close();
    await imap.close();
    await storage().transaction((tx) => tx.deleteFrom('returned_mail').execute());
  });
  const put = (...names: string[]) =>
    imap.messages.push(...names.map((name) => ({ source: fixture(name), seen: false })));
  const kinds = async () => (await started.app.bounces.list({}, null)).rows.map(({ kind }) => kind).toSorted();

  test('what nobody has seen is taken once and then counts as seen', async () => {
    put('postfix-user-unknown', 'auto-away', 'arf-abuse', 'newsletter');
    expect(await started.app.bounces.poll()).toBe(4);
    expect(await kinds()).toEqual(['auto-reply', 'complaint', 'hard', 'other']);
    expect(imap.messages.every(({ seen }) => seen)).toBe(true);
    expect(await started.app.bounces.poll()).toBe(0);
    put('gmx');
    expect(await started.app.bounces.poll()).toBe(1);
  });

  test('a line that is cut before a message was marked only means that it is read again', async () => {
    put('postfix-user-unknown', 'gmx');
    imap.cutAt = 'STORE 2';
    expect(await started.app.bounces.poll()).toBe(1);
    expect(imap.messages.map(({ seen }) => seen)).toEqual([true, false]);
    imap.cutAt = undefined;
    expect(await started.app.bounces.poll()).toBe(1);
    expect(await kinds()).toEqual(['hard', 'hard']);
  });

  test('a server that is down does not keep the queue from its work', async () => {
    await imap.close();
    await expect(started.app.runDue()).resolves.toMatchObject({ sent: 0 });
    imap = await startImap();
  });

  test('one process at a time looks into the mailbox', async () => {
    put('gmx', 't-online', 'yahoo');
    const another = await startApp(storage(), { environment: { IMAP_URL: imap.url } });
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const { promise: goOn, resolve: release } = Promise.withResolvers<void>();
    imap.before = () => {
      imap.before = undefined;
      begin();
      return goOn;
    };
    const taken = started.app.bounces.poll();
    await begun;
    expect(await another.app.bounces.poll()).toBe(0);
    release();
    expect(await taken).toBe(3);
    expect(imap.logins).toBe(1);
    await another.close();
  });

  test('a message of ten megabytes is taken like any other', async () => {
    const big = Buffer.concat([fixture('qmail'), Buffer.from('x'.repeat(75).concat('\r\n').repeat(130_000))]);
    imap.messages.push({ source: big, seen: false });
    expect(await started.app.bounces.poll()).toBe(1);
    expect(await kinds()).toEqual(['hard']);
  });
});
