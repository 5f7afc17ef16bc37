import { expect, test } from '@jest/globals';
import { COMMAND } from '../../src/shared/actor.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { testClock } from '../support/clock.ts';
import { onEngines } from '../support/engines.ts';
import { fillIn } from '../support/forms.ts';
import { startSmtp } from '../support/smtp.ts';
import { leavers, newWave } from '../support/waves.ts';

const MINUTES = 60_000;

onEngines(['sqlite'], (on) => {
  const kept = async () => {
    const rows = await on.storage().read.selectFrom('captured_mail').select('envelope_to').execute();
    return rows.map((row) => row.envelope_to);
  };

  /** Somebody who can read letters, added by hand beside the invented people, is asked why they left. */
  async function askKari({ app, clock }: TestApp): Promise<void> {
    const kari = { reference: 'KARI', email: 'kari@kari-nordmann.no', leftOn: '2026-11-01', tags: ['ours'] };
    await app.customers.upsertMany(
      COMMAND,
      leavers(1, () => kari),
    );
    const sender = (await app.accounts.colleagues()).find(({ role }) => role === 'manager');
    const leaving = (await app.questionnaires.list()).find((each) => each.programme.key === 'leaving');
    const by = { senderId: sender?.id ?? '', questionnaireId: leaving?.id ?? '' };
    const wave = await newWave(app, by, { audience: { status: 'left', tags: ['ours'] } });
    await app.invitations.startWave(COMMAND, wave);
    clock.advance({ minutes: 6 });
    await app.runDue();
  }

  test(
    'on a day on which somebody bought before the records knew them the sample company is made as well; a mail server set ' +
      'later takes nothing to its people, whose letters are kept, and what goes to customers of one’s own',
    async () => {
      const smtp = await startSmtp();
      const started = await startApp(on.storage(), { clock: testClock('2026-11-24T09:20:00.000Z') });
      const { app, clock } = started;
      const administrator = await started.signIn('administrator');
      const loaded = await fillIn(administrator, '/setup', {}, '/settings/sample');
      expect([loaded.status, loaded.headers.location]).toEqual([303, '/leaving']);
      expect(await app.customers.count({}, 1000)).toBeGreaterThan(700);
      const server = { host: '127.0.0.1', port: String(smtp.port), security: 'none', from: 'post@roastery.no' };
      expect((await fillIn(administrator, '/settings/mail', server)).status).toBe(303);
      expect((await administrator.get('/settings/mail')).text).toContain('its people are invented');
      expect((await administrator.get('/outbox')).text).toContain('the invented people of the sample company');
      const before = (await kept()).length;
      clock.advance({ days: 1 });
      await app.runDue();
      expect(smtp.received).toEqual([]);
      expect((await kept()).length).toBeGreaterThan(before + 10);
      await askKari(started);
      expect(smtp.received.map(({ to }) => to)).toEqual([['kari@kari-nordmann.no']]);
      expect(await kept()).not.toContain('kari@kari-nordmann.no');
      await started.close();
      await smtp.close();
    },
    5 * MINUTES,
  );
});
