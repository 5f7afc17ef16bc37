import { timestamp } from '../shared/clock.ts';
import { insertCaptured } from './captured-store.ts';
import { captureAll } from './deliver.ts';
import { createKinds } from './kinds.ts';
import { createMailer, mailRow, type Mailer, type MailerDeps } from './service.ts';
import { capturedRows } from './settle.ts';
import { insertMails, type Claimed } from './store.ts';

const CHUNK = 20;

/**
 * A mailer for telling of the past: a mail counts as sent the moment it is written, so that no process ever finds it
 * waiting, and nothing leaves. Its message is composed and kept in the app with the next `sendDue`.
 */
export function createKeepingMailer(deps: MailerDeps & { fallbackFrom(): Promise<string> }): Mailer {
  const { storage, clock, logger } = deps;
  const { hostname } = new URL(deps.baseUrl);
  const kinds = createKinds(logger);
  let written: Claimed[] = [];

  return {
    ...createMailer(deps),
    register: kinds.register,
    beforeWriting: kinds.beforeWriting,
    kinds: kinds.names,
    async enqueue(tx, mails) {
      const rows = mails.map((mail) => mailRow(mail, clock, hostname));
      const now = timestamp(clock);
      await insertMails(
        tx,
        rows.map((row) => ({ ...row, state: 'sent', attempts: 1, settled_at: now })),
      );
      await kinds.announce(tx, rows, 'sent', null);
      written.push(...rows);
    },
    async sendDue() {
      const claimed = written;
      const from = await deps.fallbackFrom();
      written = [];
      let sent = 0;
      for (let i = 0; i < claimed.length; i += CHUNK) {
        const { composed } = await kinds.compose(claimed.slice(i, i + CHUNK));
        const rows = capturedRows(captureAll(composed), { clock, from });
        await storage.transaction((tx) => insertCaptured(tx, rows));
        sent += rows.length;
      }
      return { sent, failed: claimed.length - sent, left: 0 };
    },
    captures: async () => true,
    start: async () => {},
  };
}
