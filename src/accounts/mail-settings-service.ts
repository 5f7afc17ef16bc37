import { z } from 'zod';
import type { Actor } from '../shared/actor.ts';
import { timestamp, type Clock } from '../shared/clock.ts';
import type { Result } from '../shared/errors.ts';
import type { MailSettings } from '../mailer/message.ts';
import type { Storage } from '../storage/index.ts';
import type { AuditLog } from './audit-service.ts';
import { createSealer } from './sealing.ts';
import * as rows from './settings-store.ts';

const storedMail = z.object({
  host: z.string(),
  port: z.number(),
  security: z.enum(['auto', 'starttls', 'tls', 'none']),
  user: z.string(),
  /** Sealed; empty where the server asks for none. */
  password: z.string(),
  from: z.string(),
  /** Null: as fast as the server takes them. */
  perSecond: z.number().nullable().default(null),
  /** Null: as many as we usually hold. */
  connections: z.number().nullable().default(null),
});
type StoredMail = z.infer<typeof storedMail>;

/** As typed; without a host there is no server, and messages are kept in the Outbox. An empty password keeps the old one. */
export type MailForm = StoredMail;

export interface MailSection {
  values: Omit<StoredMail, 'password'>;
  hasPassword: boolean;
  saved: boolean;
}

export interface MailSettingsService {
  /** For the mailer: the server that was set in the app, or null. */
  mailSettings(): Promise<MailSettings | null>;
  mailSection(): Promise<MailSection>;
  saveMail(actor: Actor, form: MailForm): Promise<Result<null>>;
  /** Whether nothing is sent: after a restore, until somebody lets it go. */
  isSendingOff(): Promise<boolean>;
  turnSendingOff(actor: Actor): Promise<void>;
  turnSendingOn(actor: Actor): Promise<void>;
  /** Whether invented people are among the customers: to addresses that can be nobody's nothing is sent. */
  hasSample(): Promise<boolean>;
  noteSample(): Promise<void>;
}

interface Deps {
  storage: Storage;
  clock: Clock;
  secret: Uint8Array;
  log: AuditLog;
  onSaved: () => void;
}

const KEY = 'mail';
const OFF = 'sending-off';
const SAMPLE = 'sample';
const NO_LIMITS = { perSecond: null, connections: null };
const NONE: StoredMail = { host: '', port: 587, security: 'auto', user: '', password: '', from: '', ...NO_LIMITS };

export function createMailSettings({ storage, clock, secret, log, onSaved }: Deps): MailSettingsService {
  const sealer = createSealer(secret, 'mail password');

  async function find(): Promise<StoredMail | undefined> {
    const row = await rows.findSetting(storage.read, KEY);
    return row ? storedMail.parse(JSON.parse(row.value)) : undefined;
  }

  return {
    async mailSettings() {
      const mail = await find();
      if (!mail?.host) return null;
      const password = mail.password === '' ? '' : (sealer.open(mail.password) ?? '');
      return { ...mail, password, perSecond: mail.perSecond ?? undefined, connections: mail.connections ?? undefined };
    },
    async mailSection() {
      const mail = await find();
      const { password, ...values } = mail ?? NONE;
      return { values, hasPassword: password !== '', saved: mail !== undefined };
    },
    isSendingOff: async () => (await rows.findSetting(storage.read, OFF)) !== undefined,
    async turnSendingOff(actor) {
      await storage.transaction(async (tx) => {
        await rows.saveSetting(tx, OFF, {}, timestamp(clock));
        await log.audit(tx, actor, 'accounts.settings.sendingOff', { kind: 'setting' });
      });
    },
    async turnSendingOn(actor) {
      await storage.transaction(async (tx) => {
        if (await rows.removeSetting(tx, OFF))
          await log.audit(tx, actor, 'accounts.settings.sendingOn', { kind: 'setting' });
      });
    },
    hasSample: async () => (await rows.findSetting(storage.read, SAMPLE)) !== undefined,
    async noteSample() {
      await storage.transaction((tx) => rows.saveSetting(tx, SAMPLE, {}, timestamp(clock)));
    },
    async saveMail(actor, form) {
      const before = (await find()) ?? NONE;
      const elsewhere = form.host !== before.host || form.port !== before.port || form.user !== before.user;
      // A kept password goes to the server that it was typed for, never to another one.
      if (form.password === '' && form.user !== '' && before.password !== '' && elsewhere) {
        return { ok: false, errors: { password: { key: 'accounts.mail.passwordAgain' } } };
      }
      const kept = form.user === '' ? '' : before.password;
      const password = form.password === '' ? kept : sealer.seal(form.password);
      await storage.transaction(async (tx) => {
        await rows.saveSetting(tx, KEY, { ...form, password }, timestamp(clock));
        await log.audit(tx, actor, 'accounts.settings.mail', { kind: 'setting' });
      });
      onSaved();
      return { ok: true, value: null };
    },
  };
}
