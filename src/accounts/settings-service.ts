import type { Actor } from '../shared/actor.ts';
import { timestamp, type Clock } from '../shared/clock.ts';
import type { Texts } from '../i18n/index.ts';
import type { Db, Storage } from '../storage/index.ts';
import type { AuditLog } from './audit-service.ts';
import { cached } from './cache.ts';
import { asCompany, readStored, starterTexts, type Company, type SectionKey, type Stored } from './company.ts';
import type { StoredLogo } from './logo.ts';
import * as rows from './settings-store.ts';

export interface Settings {
  company(): Promise<Company>;
  /** The same within a transaction. */
  companyIn(db: Db): Promise<Company>;
  /** Everything as it is kept, and which sections somebody has saved. */
  stored(): Promise<Stored & { saved: Set<string> }>;
  saveCompany(actor: Actor, values: Stored['company']): Promise<void>;
  savePlace(actor: Actor, values: Stored['place']): Promise<void>;
  saveNotices(actor: Actor, values: Stored['notices']): Promise<void>;
  saveAddressing(actor: Actor, values: Stored['addressing']): Promise<void>;
  saveLogo(actor: Actor, logo: StoredLogo | null): Promise<void>;
  finishSetUp(actor: Actor): Promise<void>;
  /** After another service has changed a setting. */
  forget(): void;
  /** Reads anew what another process may just have changed. */
  refresh(): Promise<void>;
}

interface Deps {
  storage: Storage;
  clock: Clock;
  texts: Texts;
  log: AuditLog;
}

export function createSettings({ storage, clock, texts, log }: Deps): Settings {
  const all = cached(clock, async () => {
    const found = await rows.findSettings(storage.read);
    const kept = readStored(found);
    texts.address(kept.addressing.familiar);
    return { ...kept, saved: new Set(found.map(({ key }) => key)) };
  });
  const company = cached(clock, async () => asCompany(await all.get(), texts));
  const forget = () => {
    all.forget();
    company.forget();
  };

  async function save<K extends SectionKey>(actor: Actor, key: K, value: Stored[K]): Promise<void> {
    await storage.transaction(async (tx) => {
      await rows.saveSetting(tx, key, value, timestamp(clock));
      await log.audit(tx, actor, `accounts.settings.${key}`, { kind: 'setting' });
    });
    forget();
  }

  return {
    company: () => company.get(),
    companyIn: async (db) => asCompany(readStored(await rows.findSettings(db)), texts),
    stored: () => all.get(),
    forget,
    async refresh() {
      forget();
      await all.get();
    },
    saveCompany: (actor, values) => save(actor, 'company', values),
    savePlace: (actor, values) => save(actor, 'place', values),
    async saveNotices(actor, values) {
      const before = await all.get();
      await save(actor, 'notices', withoutStarters(values, before, texts));
    },
    async saveAddressing(actor, values) {
      await save(actor, 'addressing', values);
      texts.address(values.familiar);
    },
    saveLogo: (actor, logo) => save(actor, 'logo', logo),
    finishSetUp: (actor) => save(actor, 'setup', { finishedAt: timestamp(clock) }),
  };
}

/** Starter text that nobody touched is not kept, so that it goes on following the company's name and address. */
function withoutStarters(values: Stored['notices'], before: Stored, texts: Texts): Stored['notices'] {
  const shown = starterTexts(before.company, before.notices.retentionMonths, texts);
  const own = (typed: Record<string, string>, starter: Record<string, string>) =>
    Object.fromEntries(Object.entries(typed).filter(([language, text]) => text !== '' && text !== starter[language]));
  return {
    retentionMonths: values.retentionMonths,
    imprint: own(values.imprint, shown.imprint),
    privacyNotice: own(values.privacyNotice, shown.privacyNotice),
  };
}
