import { afterAll, beforeAll, expect, test } from '@jest/globals';
import PostalMime from 'postal-mime';
import { COMMAND, SYSTEM } from '../../src/shared/actor.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { testClock } from '../support/clock.ts';
import { onBothEngines } from '../support/engines.ts';
import { startSmtp, type SmtpServer } from '../support/smtp.ts';
import { leavers } from '../support/waves.ts';

const READERS = ['de', 'en', 'nb', 'nl'];
const TOLD = { de: '3 Kunden', en: '3 customers', nb: '3 kunder', nl: '3 klanten' };
/** With as many more as chance alone does not make: 98 less 36, give or take 1.96 times the root of both together. */
const CHANGED = {
  de: 'Es sind mehr Kunden gegangen: 98, davor 36 (+39 bis +85).',
  en: 'More customers left: 98, before that 36 (+39 to +85).',
  nb: 'Flere kunder sluttet: 98, før det 36 (+39 til +85).',
  nl: 'Er vertrokken meer klanten: 98, daarvoor 36 (+39 tot +85).',
};
const left = (leftOn: string) => () => ({ leftOn, yearlyValueMinor: 30_000 });

onBothEngines((on) => {
  let app: TestApp;
  let smtp: SmtpServer;

  beforeAll(async () => {
    smtp = await startSmtp();
    const environment = { SMTP_URL: smtp.url, MAIL_FROM: 'house@example.com' };
    app = await startApp(on.storage(), { clock: testClock('2026-10-28T10:00:00.000Z'), environment });
    for (const language of READERS)
      await app.app.accounts.createAccount(
        {
          email: `${language}@example.com`,
          name: 'Berit',
          role: 'manager',
          language,
          password: 'correct horse battery',
        },
        COMMAND,
      );
    await app.app.customers.upsertMany(SYSTEM, leavers(3, left('2026-10-20')));
  });
  afterAll(async () => {
    await app.close();
    await smtp.close();
  });

  /** What goes on in the background once a minute. */
  const minute = async () => {
    for (const job of app.app.insight.summary.jobs) await job();
    await app.app.mailer.sendDue();
  };
  const states = async () => {
    const query = on.storage().read.selectFrom('outgoing_mail').select(['state', 'attempts', 'last_error']);
    return await query.where('kind', '=', 'summary').orderBy('id').execute();
  };
  const received = () => smtp.received.flatMap(({ to }) => to).sort();

  test('a server that refuses for now is asked again, and each reader gets the month once, as it was kept', async () => {
    smtp.behaviour = { data: () => 451 };
    app.clock.set('2026-11-02T08:00:00.000Z');
    await minute();
    await minute();
    expect((await states()).map(({ state, attempts }) => [state, attempts])).toEqual(READERS.map(() => ['queued', 1]));
    await app.app.customers.upsertMany(SYSTEM, leavers(5, left('2026-10-15'), 20));
    smtp.behaviour = {};
    for (let passed = 0; passed < 3; passed++) {
      app.clock.advance({ minutes: 1 });
      await minute();
    }
    expect((await states()).map(({ state }) => state)).toEqual(READERS.map(() => 'sent'));
    expect(received()).toEqual(READERS.map((language) => `${language}@example.com`));
    for (const { source, to } of smtp.received) {
      const { text = '', html = '' } = await PostalMime.parse(source);
      const language = (to[0]?.slice(0, 2) ?? '') as keyof typeof TOLD;
      for (const part of [text, html]) expect(part).toContain(TOLD[language]);
      expect(html).toContain(`<html lang="${language}">`);
    }
    app.clock.advance({ days: 3 });
    await minute();
    expect(received()).toHaveLength(READERS.length);
  });

  test('a server that is down keeps nobody from it later; a line that breaks after the letter does not double it', async () => {
    const { port } = smtp;
    await smtp.close();
    app.clock.set('2026-12-01T08:00:00.000Z');
    await minute();
    expect((await states()).slice(READERS.length).map(({ state, attempts }) => [state, attempts])).toEqual(
      READERS.map(() => ['queued', 0]),
    );
    smtp = await startSmtp({ port });
    smtp.behaviour = { data: (to) => (to[0]?.startsWith('nl') ? 'dropAccepted' : undefined) };
    app.clock.advance({ minutes: 10 });
    await minute();
    smtp.behaviour = {};
    for (const days of [1, 1, 1]) {
      app.clock.advance({ days });
      await minute();
    }
    const last = (await states()).slice(READERS.length).map(({ state }) => state);
    expect(last.toSorted()).toEqual(['sent', 'sent', 'sent', 'unknown']);
    expect(received()).toEqual(READERS.map((language) => `${language}@example.com`));
    // Whoever has not got theirs asks for it.
    const people = await app.app.accounts.people.list();
    await app.app.insight.summary.sendTo(people.find(({ email }) => email.startsWith('nl'))?.id ?? '', '2026-11');
    await minute();
    expect(received().filter((to) => to.startsWith('nl'))).toHaveLength(2);
  });

  test('what changed by more than chance stands in each letter in its own language', async () => {
    await app.app.customers.upsertMany(SYSTEM, leavers(36, left('2025-06-10'), 100));
    await app.app.customers.upsertMany(SYSTEM, leavers(90, left('2026-12-10'), 200));
    const before = smtp.received.length;
    app.clock.set('2027-01-04T08:00:00.000Z');
    await minute();
    const letters = smtp.received.slice(before);
    expect(letters.flatMap(({ to }) => to).sort()).toEqual(READERS.map((language) => `${language}@example.com`));
    for (const { source, to } of letters) {
      const { text = '', html = '' } = await PostalMime.parse(source);
      const language = (to[0]?.slice(0, 2) ?? '') as keyof typeof CHANGED;
      for (const part of [text, html]) expect(part.replaceAll(/\s+/g, ' ')).toContain(CHANGED[language]);
    }
  });
});
