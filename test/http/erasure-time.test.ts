import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { COMMAND } from '../../src/shared/actor.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { respondent } from '../support/respondent.ts';
import { leavers, newWave, readyToSend, reference } from '../support/waves.ts';

onBothEngines((on) => {
  let folder: string;
  let running: TestApp;
  let sending: Awaited<ReturnType<typeof readyToSend>>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'comeback-erasure-time-'));
    running = await startApp(on.storage(), { erasures: join(folder, 'erasures.jsonl') });
    sending = await readyToSend(running.app);
  });
  afterAll(async () => {
    await running.close();
    rmSync(folder, { recursive: true });
  });

  const wordsOf = async (invitationId: string) =>
    await on
      .storage()
      .read.selectFrom('answer as a')
      .innerJoin('response as r', 'r.id', 'a.response_id')
      .where('r.invitation_id', '=', invitationId)
      .where('a.verbatim', 'is not', null)
      .select('a.verbatim')
      .execute();

  /** Everybody who left is asked; these are their invitations, by customer. */
  async function ask(name: string): Promise<Map<string, string>> {
    const { app } = running;
    const wave = await newWave(app, sending, { name });
    await app.invitations.startWaveAtOnce(COMMAND, wave);
    await app.runDue();
    const rows = on.storage().read.selectFrom('invitation').select(['id', 'customer_id']).where('wave_id', '=', wave);
    return new Map((await rows.execute()).map((row) => [row.customer_id, row.id]));
  }

  const visit = (invitationId: string) =>
    respondent({ signer: running.app.signer, baseUrl: running.baseUrl }, invitationId);

  test('words older than the months that the business names go by themselves, once a day; newer ones and all figures stay', async () => {
    const { app, clock } = running;
    const added = await app.customers.upsertMany(COMMAND, leavers(2));
    const [one, other] = added.map(({ id }) => id);
    const first = await ask('first');
    const early = visit(first.get(one!)!);
    await early.answer('happened', { answer: 'The grinder broke twice.' });
    await early.send();
    clock.advance({ days: 395 });
    const second = await ask('second');
    const late = visit(second.get(other!)!);
    await late.answer('happened', { answer: 'It was too dear for us.' });
    await late.send();
    // 36 months unless somebody says otherwise: the last day on which both are kept, and the day after.
    clock.set('2029-11-10T20:00:00.000Z');
    await app.runDue();
    expect(await wordsOf(early.invitationId)).toEqual([{ verbatim: 'The grinder broke twice.' }]);
    const boss: Person = await running.signIn('administrator', 'Katharina');
    const counted = (await boss.get('/leaving.csv?period=all')).text;
    expect(counted).toContain('total');
    clock.set('2029-11-11T02:00:00.000Z');
    await app.runDue();
    expect(await wordsOf(early.invitationId)).toEqual([{ verbatim: '–' }]);
    expect(await wordsOf(late.invitationId)).toEqual([{ verbatim: 'It was too dear for us.' }]);
    expect((await boss.get('/leaving.csv?period=all')).text).toBe(counted.replaceAll('2029-11-10', '2029-11-11'));
    expect((await boss.get(`/customers/${one}`)).text).toContain('Example0');
  });

  test('answers that arrive while their customer is erased leave no word, whoever is first', async () => {
    const { app } = running;
    const many = await app.customers.upsertMany(
      COMMAND,
      leavers(12, () => ({}), 100),
    );
    const invitations = await ask('third');
    await Promise.all(
      many.map(async ({ id }, i) => {
        const they = visit(invitations.get(id)!);
        const answers = async () => {
          for (const words of ['Mauersegler once', 'Mauersegler twice'])
            await they.answer('happened', { answer: words });
          await they.send();
        };
        const erase = async () => {
          for (let turns = 0; turns < i; turns++) await new Promise((resolve) => setTimeout(resolve, 2));
          await app.privacy.erase(COMMAND, await app.privacy.idOf(reference(100 + i)));
        };
        await Promise.all([answers(), erase()]);
      }),
    );
    await app.runDue();
    for (const { id } of many)
      for (const { verbatim } of await wordsOf(invitations.get(id)!)) expect(verbatim).not.toContain('Mauersegler');
    const { read } = on.storage();
    const revisions = read.selectFrom('answer_revision').select('id').where('verbatim', 'like', '%Mauersegler%');
    expect(await revisions.execute()).toEqual([]);
    const left = read.selectFrom('customer').select('id').where('erased_at', 'is not', null);
    expect(await left.execute()).toHaveLength(12);
  });

  test('while a message is just leaving nobody is erased, now or later, until somebody asks again', async () => {
    const { app } = running;
    const [added] = await app.customers.upsertMany(
      COMMAND,
      leavers(1, () => ({}), 50),
    );
    const id = added!.id;
    const invitation = (await ask('leaving')).get(id)!;
    const become = async (state: 'sending' | 'sent') =>
      on
        .storage()
        .transaction((tx) =>
          tx.updateTable('outgoing_mail').set({ state }).where('subject_id', '=', invitation).execute(),
        );
    await become('sending');
    await expect(app.privacy.erase(COMMAND, id)).rejects.toThrow('privacy.error.sending');
    const journal = join(folder, 'erasures.jsonl');
    expect(existsSync(journal) && readFileSync(journal, 'utf8').includes(id)).toBe(false);
    await app.privacy.prepare();
    await app.privacy.work();
    expect((await app.customers.get(id)).familyName).toBe('Example50');
    await become('sent');
    await app.privacy.erase(COMMAND, id);
    expect(readFileSync(journal, 'utf8')).toContain(id);
    await expect(app.customers.get(id)).rejects.toThrow();
  });
});
