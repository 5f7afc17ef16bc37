import { expect, test } from '@jest/globals';
import PostalMime from 'postal-mime';
import { COMMAND } from '../../src/shared/actor.ts';
import type { Storage } from '../../src/storage/index.ts';
import { startApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { addressOf, leavers, newWave, reference } from '../support/waves.ts';
import { wavesOn } from '../support/waves-on.ts';

onBothEngines((on) => {
  const here = wavesOn(on);

  const add = (rows: ReturnType<typeof leavers>) => here.app.customers.upsertMany(COMMAND, rows);
  const start = (id: string, holdMinutes = 0) => here.app.invitations.startWave(COMMAND, id, { holdMinutes });

  /** Whatever happens, everybody is in exactly one place. */
  async function accounts(id: string) {
    const { accounts: all, skipped, wave } = await here.app.invitations.waveStatus(id);
    const { sent, unknown, failed, cancelled, queued, sending, withheld } = all;
    expect(sent + unknown + failed + cancelled + all.skipped + withheld + queued + sending).toBe(all.recipients);
    expect(skipped.reduce((sum, { count }) => sum + count, 0)).toBe(all.skipped);
    return { state: wave.state, ...all };
  }

  test('everybody who may be written to gets exactly one letter, and the others have a reason', async () => {
    await add(
      leavers(70, (i) => {
        if (i < 3) return { email: '' };
        if (i < 5) return { legalBasis: '', legalBasisSource: '', legalBasisOn: null };
        return i % 2 ? { language: 'de' } : {};
      }),
    );
    const [out] = await here.app.customers.upsertMany(
      COMMAND,
      leavers(1, () => ({}), 5),
    );
    await on.storage().transaction((tx) => here.app.customers.unsubscribe(tx, out?.id ?? '', 'colleague'));
    const id = await newWave(here.app, here.ready);
    const check = await here.app.invitations.checkWave(id);
    expect(check).toMatchObject({ total: 70, writable: 64 });
    expect(check.skipped.map(({ reason, count }) => [reason, count])).toEqual([
      ['unsubscribed', 1],
      ['no_address', 3],
      ['no_legal_basis', 2],
    ]);
    await start(id);
    await here.app.runDue();
    expect(here.recipients()).toEqual(Array.from({ length: 64 }, (_, i) => addressOf(i + 6)));
    expect(await accounts(id)).toMatchObject({
      state: 'finished',
      recipients: 70,
      sent: 64,
      skipped: 6,
      delivered: 64,
    });
    await here.app.runDue();
    expect(here.smtp.received).toHaveLength(64);
  });

  test('the letter: the customer’s language, a personal link, a signature, and a way out for mail programs', async () => {
    await add(leavers(1, () => ({ language: 'de', title: 'Frau', givenName: 'Anneliese', familyName: 'Brandes' })));
    const id = await newWave(here.app, here.ready);
    await start(id);
    await here.app.runDue();
    const mail = await PostalMime.parse(here.smtp.received[0]?.source ?? '');
    const { rows } = await here.app.invitations.listInvitations(id, {}, null);
    const link = here.app.invitations.linkFor(rows[0]?.id ?? '');
    expect(mail.subject).toBe('Dürfen wir fragen, warum Sie gegangen sind?');
    expect(mail.text).toMatch(/^Guten Tag Frau Brandes,\n/);
    expect(mail.text).toContain(`Meine Antwort schreiben:\n${link}\n`);
    expect(mail.text).toContain('Herzliche Grüße\nMiriam Adler\nCustomer care');
    expect(mail.text).not.toMatch(/[{}]/);
    expect(mail.html).toContain(`href="${link}"`);
    expect(mail.html).toMatch(/<html lang="de" dir="ltr">/);
    expect(mail.from).toMatchObject({ address: 'house@example.com' });
    expect(mail.replyTo?.[0]).toMatchObject({ address: 'miriam@example.com' });
    const header = (key: string) => mail.headers.find((each) => each.key === key)?.value;
    expect(header('list-unsubscribe')).toBe(`<${link.replace('/q/', '/u/')}>`);
    expect(header('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
    expect(header('auto-submitted')).toBe('auto-generated');
    const token = link.split('/q/')[1] ?? '';
    expect(await here.app.invitations.open(token)).toMatchObject({
      id: rows[0]?.id,
      progress: 'none',
      language: 'de',
    });
    expect(await here.app.invitations.open(`${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`)).toBeUndefined();
  });

  test('somebody whose own language is not approved is written to in the business’s', async () => {
    await add(leavers(2, (i) => ({ language: i === 0 ? '' : 'nl' })));
    const id = await newWave(here.app, here.ready);
    const check = await here.app.invitations.checkWave(id);
    expect(check.languages.map(({ language, count }) => [language, count])).toEqual([
      ['en', 1],
      ['nl', 1],
    ]);
  });

  test('within 90 days nobody is asked a second time, and the page says from when again', async () => {
    await add(leavers(3));
    const first = await newWave(here.app, here.ready);
    await start(first);
    await here.app.runDue();
    here.clock.advance({ days: 30 });
    await add(leavers(1, () => ({}), 3));
    const second = await newWave(here.app, here.ready);
    await start(second);
    await here.app.runDue();
    expect(await accounts(second)).toMatchObject({ sent: 1, skipped: 3 });
    const { skipped } = await here.app.invitations.waveStatus(second);
    expect(skipped).toEqual([
      { reason: 'recently_invited', count: 3, from: '2027-02-08T08:05:00.000Z', until: '2027-02-08T08:05:00.000Z' },
    ]);
    here.clock.advance({ days: 61 });
    const third = await newWave(here.app, here.ready);
    await start(third);
    await here.app.runDue();
    expect(await accounts(third)).toMatchObject({ sent: 3, skipped: 1 });
  });

  test('nothing leaves during the hold, and stopping within it cancels everything', async () => {
    await add(leavers(620));
    const id = await newWave(here.app, here.ready);
    await start(id, 5);
    await here.app.runDue();
    expect(await accounts(id)).toMatchObject({ state: 'sending', queued: 620 });
    here.clock.advance({ minutes: 4 });
    await here.app.runDue();
    await here.app.invitations.stopWave(COMMAND, id);
    here.clock.advance({ minutes: 10 });
    await here.app.runDue();
    expect(await accounts(id)).toMatchObject({ state: 'stopped', cancelled: 620, sent: 0 });
    expect(here.smtp.received).toEqual([]);
  });

  test('stopping while mails are due keeps the rest back, even what the background has not reached', async () => {
    await add(leavers(30));
    const id = await newWave(here.app, here.ready);
    await start(id);
    await here.app.invitations.work();
    await here.app.invitations.stopWave(COMMAND, id);
    await here.app.mailer.sendDue();
    expect(await accounts(id)).toMatchObject({ state: 'stopped', cancelled: 30 });
    expect(here.smtp.received).toEqual([]);
  });

  test('what changes between start and sending is looked at again', async () => {
    const [a, b, c] = await add(leavers(4));
    const id = await newWave(here.app, here.ready);
    await start(id, 5);
    await here.app.invitations.work();
    const { rows } = await here.app.invitations.listInvitations(id, {}, null);
    const of = (customer: { id: string } | undefined) => rows.find((row) => row.customerId === customer?.id)?.id ?? '';
    await on.storage().transaction((tx) => here.app.customers.unsubscribe(tx, a?.id ?? '', 'link'));
    await here.app.invitations.revoke(COMMAND, id, of(b));
    await on.storage().transaction((tx) =>
      tx
        .updateTable('customer')
        .set({ email: '' })
        .where('id', '=', c?.id ?? '')
        .execute(),
    );
    here.clock.advance({ minutes: 6 });
    await here.app.runDue();
    expect(here.recipients()).toEqual([addressOf(3)]);
    expect(await accounts(id)).toMatchObject({ state: 'finished', sent: 1, cancelled: 3 });
    const token = here.app.invitations.linkFor(of(b)).split('/q/')[1] ?? '';
    expect((await here.app.invitations.open(token))?.revokedAt).toBe('2026-11-10T08:05:00.000Z');
  });

  test('a crash in the middle of enrolling neither loses nor doubles anybody', async () => {
    await add(leavers(450));
    const id = await newWave(here.app, here.ready);
    await start(id);
    for (const survives of [1, 0, 1]) {
      const process = mortal(on.storage());
      const dying = await startApp(process.storage, { clock: here.clock, environment: here.environment });
      process.dieAfter(survives);
      await expect(dying.app.invitations.work()).rejects.toThrow('killed');
      await dying.close();
    }
    await Promise.all([here.app.invitations.work(), here.app.invitations.work()]);
    const mails = await on.storage().read.selectFrom('outgoing_mail').select('subject_id').execute();
    const invited = await on.storage().read.selectFrom('invitation').select(['id', 'customer_id']).execute();
    expect(new Set(invited.map((row) => row.customer_id)).size).toBe(450);
    expect(mails.map((mail) => mail.subject_id).sort()).toEqual(invited.map((row) => row.id).sort());
    expect(await accounts(id)).toMatchObject({ state: 'sending', recipients: 450, queued: 450 });
  });

  test('refused, delayed and broken off: each has its place, and a person decides about the unknown', async () => {
    await add(leavers(40));
    here.smtp.behaviour = {
      recipient: (address) => (address === addressOf(0) ? 550 : address === addressOf(1) ? 450 : undefined),
      data: (to) => (to[0] === addressOf(2) ? 'drop' : undefined),
    };
    const id = await newWave(here.app, here.ready);
    await start(id);
    await here.app.runDue();
    expect(await accounts(id)).toMatchObject({ state: 'sending', sent: 37, failed: 1, unknown: 1, queued: 1 });
    here.smtp.behaviour = {};
    here.clock.advance({ minutes: 1 });
    await here.app.runDue();
    expect(await accounts(id)).toMatchObject({ state: 'finished', sent: 38, failed: 1, unknown: 1 });
    const { rows } = await here.app.invitations.listInvitations(id, { delivery: 'unknown' }, null);
    await here.app.invitations.decideUnknown(COMMAND, id, rows[0]?.id ?? '', 'again');
    expect(await accounts(id)).toMatchObject({ state: 'sending', queued: 1 });
    await here.app.runDue();
    expect(await accounts(id)).toMatchObject({ state: 'finished', sent: 39, failed: 1 });
    await expect(here.app.invitations.decideUnknown(COMMAND, id, rows[0]?.id ?? '', 'sent')).rejects.toThrow();
  });

  test('whoever looks at one recipient reads why the mail waits, and when it is tried again', async () => {
    await add(leavers(2));
    here.smtp.behaviour = { mailFrom: () => 454 };
    const id = await newWave(here.app, here.ready);
    await start(id);
    await here.app.runDue();
    const staff = await here.running.signIn('staff');
    const { rows } = await here.app.invitations.listInvitations(id, {}, null);
    const [one] = rows;
    const log = async () => (await staff.get(`/waves/${id}/invitations/${one?.id}`)).text;
    const told = async () =>
      await Promise.all(
        ['', '/timeline'].map(async (more) => (await staff.get(`/customers/${one?.customerId}${more}`)).text),
      );
    const waits = 'Invitation waits, the mail server takes nothing for now (454): Leaving, autumn';
    expect(await log()).toContain('The mail server takes nothing for now (454)');
    expect((await told()).every((text) => text.includes(waits))).toBe(true);
    here.smtp.behaviour = { recipient: () => '450 4.2.2' };
    here.clock.advance({ minutes: 5 });
    await here.app.runDue();
    expect(await log()).toContain('To be tried again at about this time, after 1 try (450 4.2.2)');
    expect((await told()).some((text) => text.includes('Invitation waits'))).toBe(false);
  });

  test('progress is counted once, and rates carry their interval', async () => {
    await add(leavers(20));
    const id = await newWave(here.app, here.ready);
    await start(id);
    await here.app.runDue();
    const { rows } = await here.app.invitations.listInvitations(id, {}, null);
    await on.storage().transaction(async (tx) => {
      const { markStarted, markCompleted, optOut } = here.app.invitations;
      for (const { id: each } of rows.slice(0, 10)) await markStarted(tx, each);
      for (const { id: each } of rows.slice(0, 6)) await markCompleted(tx, each);
      await markStarted(tx, rows[0]?.id ?? '');
      await optOut(tx, rows[0]?.id ?? '');
      await optOut(tx, rows[19]?.id ?? '');
    });
    const { completed, started, optedOut, responseRate } = await accounts(id);
    expect({ completed, started, optedOut }).toEqual({ completed: 6, started: 10, optedOut: 1 });
    expect(responseRate.share).toBeCloseTo(0.3);
    expect((await here.app.invitations.listInvitations(id, { progress: 'completed' }, null)).rows).toHaveLength(6);
  });

  test('recipients come page by page, each once', async () => {
    await add(leavers(25));
    const id = await newWave(here.app, here.ready);
    await start(id);
    await here.app.invitations.work();
    const seen: string[] = [];
    for (let after: string | null = null; ;) {
      const { rows, next } = await here.app.invitations.listInvitations(id, { delivery: 'queued' }, after, 10);
      seen.push(...rows.map((row) => row.customerId));
      if ((after = next) === null) break;
    }
    expect(new Set(seen).size).toBe(25);
    expect(seen).toHaveLength(25);
  });

  test('a wave is started once, whoever presses', async () => {
    await add(leavers(5));
    const id = await newWave(here.app, here.ready);
    const presses = await Promise.allSettled([start(id), start(id), start(id)]);
    expect(presses.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await here.app.runDue();
    expect(here.smtp.received).toHaveLength(5);
    const found = await here.app.customers.findByReference(reference(0));
    const timeline = await here.app.customers.timeline(found?.id ?? '', null, 20);
    expect(timeline.rows.filter(({ kind }) => kind === 'invitations.sent')).toHaveLength(1);
  });

  test('a wave to thousands of named customers can be read back; what could not be is refused when it is made', async () => {
    await add(leavers(3));
    const references = [...Array.from({ length: 2500 }, (_, i) => `N-${i}`), reference(1)];
    const id = await newWave(here.app, here.ready, { audience: { references } });
    expect((await here.app.invitations.getWave(id)).audience.references).toHaveLength(2501);
    await start(id);
    await here.app.runDue();
    expect(here.recipients()).toEqual([addressOf(1)]);
    const made = await here.app.invitations.createWave(COMMAND, {
      questionnaireId: here.ready.questionnaireId,
      senderAccountId: here.ready.senderId,
      name: 'Too many',
      audience: { references: Array.from({ length: 20_001 }, (_, i) => `N-${i}`) },
      expiresDays: 60,
    });
    expect(made).toEqual({ ok: false, errors: { audience: { key: 'waves.form.audience.bad' } } });
  });
});

interface Mortal {
  storage: Storage;
  /** So many more transactions are committed; the next is rolled back when it is nearly through, and then all is dead. */
  dieAfter(transactions: number): void;
}

/** A storage that goes away in the middle of a transaction, as that of a killed process does. */
function mortal(storage: Storage): Mortal {
  let left = Number.POSITIVE_INFINITY;
  const dying =
    (write: Storage['transaction']): Storage['transaction'] =>
    async (body) => {
      if (left < 0) throw new Error('killed');
      return await write(async (tx) => {
        const result = await body(tx);
        if (--left < 0) throw new Error('killed');
        return result;
      });
    };
  const [transaction, backgroundTransaction] = [dying(storage.transaction), dying(storage.backgroundTransaction)];
  return {
    storage: { ...storage, transaction, backgroundTransaction },
    dieAfter(transactions) {
      left = transactions;
    },
  };
}
