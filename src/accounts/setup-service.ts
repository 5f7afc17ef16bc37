import { COMMAND } from '../shared/actor.ts';
import { timestamp, type Clock } from '../shared/clock.ts';
import { addMinutes } from '../shared/dates.ts';
import { NotFound, type Result } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import { randomToken, tokenHash } from '../shared/tokens.ts';
import type { Storage } from '../storage/index.ts';
import * as accounts from './account-store.ts';
import type { AuditLog } from './audit-service.ts';
import type { SignedIn } from './interface.ts';
import * as links from './link-store.ts';
import { passwordProblem } from './password-rules.ts';
import type { Passwords } from './passwords.ts';
import { emailKey, type FirstForm } from './people-forms.ts';
import { signedInAs } from './stamp.ts';

export interface FirstRun {
  /** A new one-time link while there is no administrator, else null. Earlier ones lead nowhere from then on. */
  setupLink(): Promise<string | null>;
  /** Whether nobody has set it up yet. */
  isAwaited(): Promise<boolean>;
  /** @throws NotFound unless this link still sets the first administrator up */
  openSetup(token: string): Promise<void>;
  createFirst(token: string, form: FirstForm): Promise<Result<SignedIn>>;
}

interface Deps {
  storage: Storage;
  clock: Clock;
  log: AuditLog;
  passwords: Passwords;
  baseUrl: string;
  onChanged: () => void;
}

const LIFE_MINUTES = 7 * 24 * 60;
const GONE = 'accounts.link.gone';

export function createFirstRun({ storage, clock, log, passwords, baseUrl, onChanged }: Deps): FirstRun {
  const now = () => timestamp(clock);

  async function openSetup(token: string): Promise<void> {
    const link = await links.findOpenLink(storage.read, 'setup', tokenHash(token), now());
    if (!link || (await accounts.countAdministrators(storage.read)) > 0) throw new NotFound(GONE);
  }

  return {
    isAwaited: async () => (await accounts.countAdministrators(storage.read)) === 0,
    openSetup,
    async setupLink() {
      const token = randomToken();
      const made = await storage.transaction(async (tx) => {
        if ((await accounts.countAdministrators(tx)) > 0) return false;
        await links.deleteSetupLinks(tx);
        const row = { token_hash: tokenHash(token), kind: 'setup' as const, account_id: null, used_at: null };
        await links.insertLink(tx, { ...row, created_at: now(), expires_at: addMinutes(now(), LIFE_MINUTES) });
        return true;
      });
      return made ? `${baseUrl}/setup/${token}` : null;
    },
    async createFirst(token, { name, email, language, password }): Promise<Result<SignedIn>> {
      await openSetup(token);
      const problem = passwordProblem(password, { name, email, company: '' });
      if (problem) return { ok: false, errors: { password: problem } };
      const hash = await passwords.hash(password);
      const account: accounts.AccountRow = {
        id: newId(clock),
        email,
        email_key: emailKey(email),
        name,
        title: '',
        role: 'administrator',
        language,
        password_hash: hash,
        created_at: now(),
        deactivated_at: null,
      };
      const made = await storage.transaction(async (tx) => {
        if (!(await links.useLink(tx, 'setup', tokenHash(token), now()))) throw new NotFound(GONE);
        if ((await accounts.countAdministrators(tx)) > 0) throw new NotFound(GONE);
        if (!(await accounts.insertAccount(tx, account))) return false;
        await log.audit(tx, COMMAND, 'accounts.created', { kind: 'account', id: account.id });
        return true;
      });
      onChanged();
      if (!made) return { ok: false, errors: { email: { key: 'accounts.email.taken' } } };
      return { ok: true, value: signedInAs(account, hash) };
    },
  };
}
