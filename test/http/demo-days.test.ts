import { expect, test } from '@jest/globals';
import { COMMAND } from '../../src/shared/actor.ts';
import { startApp } from '../support/app.ts';
import { testClock } from '../support/clock.ts';
import { onEngines } from '../support/engines.ts';
import { startSmtp } from '../support/smtp.ts';

const MINUTES = 60_000;

onEngines(['sqlite'], (on) => {
  test(
    'on a day on which somebody bought before the records knew them, and with a mail server, the sample company is made ' +
      'as well, and no mail goes to its people',
    async () => {
      const smtp = await startSmtp();
      const clock = testClock('2026-11-24T09:20:00.000Z');
      const started = await startApp(on.storage(), {
        clock,
        environment: { SMTP_URL: smtp.url, MAIL_FROM: 'post@example.com' },
      });
      await started.app.demo.loadSample(COMMAND, {});
      expect(await started.app.customers.count({}, 1000)).toBeGreaterThan(700);
      clock.advance({ days: 1 });
      await started.app.runDue();
      expect(smtp.received).toEqual([]);
      const administrator = await started.signIn('administrator');
      expect((await administrator.get('/settings/mail')).text).toContain('whose people are invented');
      await started.close();
      await smtp.close();
    },
    5 * MINUTES,
  );
});
