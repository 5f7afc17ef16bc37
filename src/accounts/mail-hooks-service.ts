import { z } from 'zod';
import type { HookSecrets } from '../mailer/index.ts';
import type { Actor } from '../shared/actor.ts';
import { timestamp, type Clock } from '../shared/clock.ts';
import { randomToken } from '../shared/tokens.ts';
import type { Storage } from '../storage/index.ts';
import type { AuditLog } from './audit-service.ts';
import { createSealer } from './sealing.ts';
import * as rows from './settings-store.ts';

const storedHooks = z.object({
  topicArn: z.string().default(''),
  /** Both sealed; empty where the service is not to be heard. */
  mailgunKey: z.string().default(''),
  postmarkPassword: z.string().default(''),
});
type StoredHooks = z.infer<typeof storedHooks>;

/** By what the reports of mail services are known to be theirs. */
export interface MailHookSettings {
  hookSecrets(): Promise<HookSecrets>;
  /** Whether any service is to be heard. */
  hearsServices(): Promise<boolean>;
  /** The SNS topic whose messages count; '' for none. */
  saveTopic(actor: Actor, topicArn: string): Promise<void>;
  /** Mailgun's webhook signing key; '' for none. */
  saveSigningKey(actor: Actor, key: string): Promise<void>;
  /** Makes the password that stands in the address for Postmark; the one before stops working. */
  makePostmarkPassword(actor: Actor): Promise<void>;
  forgetPostmarkPassword(actor: Actor): Promise<void>;
}

interface Deps {
  storage: Storage;
  clock: Clock;
  secret: Uint8Array;
  log: AuditLog;
}

const KEY = 'mail-hooks';

export function createMailHookSettings({ storage, clock, secret, log }: Deps): MailHookSettings {
  const sealer = createSealer(secret, 'mail hooks');
  const open = (sealed: string) => (sealed === '' ? '' : (sealer.open(sealed) ?? ''));
  const seal = (text: string) => (text === '' ? '' : sealer.seal(text));

  async function stored(): Promise<StoredHooks> {
    const row = await rows.findSetting(storage.read, KEY);
    return storedHooks.parse(row ? JSON.parse(row.value) : {});
  }

  async function change(actor: Actor, changed: Partial<StoredHooks>): Promise<void> {
    const hooks = { ...(await stored()), ...changed };
    await storage.transaction(async (tx) => {
      await rows.saveSetting(tx, KEY, hooks, timestamp(clock));
      await log.audit(tx, actor, 'accounts.settings.mailHooks', { kind: 'setting' });
    });
  }

  return {
    async hookSecrets() {
      const { topicArn, mailgunKey, postmarkPassword } = await stored();
      return { topicArn, mailgunKey: open(mailgunKey), postmarkPassword: open(postmarkPassword) };
    },
    async hearsServices() {
      return Object.values(await stored()).some((value) => value !== '');
    },
    saveTopic: (actor, topicArn) => change(actor, { topicArn }),
    saveSigningKey: (actor, key) => change(actor, { mailgunKey: seal(key) }),
    makePostmarkPassword: (actor) => change(actor, { postmarkPassword: seal(randomToken()) }),
    forgetPostmarkPassword: (actor) => change(actor, { postmarkPassword: '' }),
  };
}
