import { accountOf, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { Conflict, NotFound } from '../../shared/errors.ts';
import { isId, newId } from '../../shared/ids.ts';
import { createHooks, holdTable, type Hooks } from '../../storage/index.ts';
import type { AlertLinkRow } from './alert.ts';
import type { AlertsDeps } from './deps.ts';
import * as store from './store.ts';

export interface LinkNews {
  linkId: string;
  what: 'made' | 'revoked';
  at: string;
}

/** For colleagues without an account: whoever has such a link can report, and see nothing. */
export interface AlertLinks {
  links(): Promise<AlertLinkRow[]>;
  /** One in use by the same name is that one. */
  makeLink(actor: Actor, name: string): Promise<{ id: string; fresh: boolean }>;
  /** @throws Conflict where it is revoked already, NotFound */
  revokeLink(actor: Actor, id: string): Promise<void>;
  /** Absolute. @throws NotFound where it is revoked */
  addressOf(id: string): Promise<{ link: AlertLinkRow; address: string }>;
  /** The link in use that a token is. */
  openLink(token: string): Promise<AlertLinkRow | undefined>;
  /** Runs in the same transaction when one is made, or revoked. */
  onLink: Hooks<LinkNews>['on'];
}

/** What the tokens are signed for. */
const SIGNED = 'alert';

export function createLinks(deps: AlertsDeps): AlertLinks {
  const { storage, clock, signer, accounts, baseUrl } = deps;
  const news = createHooks<LinkNews>();
  const find = async (id: string | undefined) => (isId(id) ? await store.findLink(storage.read, id) : undefined);
  return {
    onLink: news.on,
    links: () => store.listLinks(storage.read),
    async makeLink(actor, name) {
      const id = newId(clock);
      const made = { id, name, created_by: accountOf(actor), created_at: timestamp(clock) };
      return await storage.transaction(async (tx) => {
        await holdTable(tx, storage.engine, 'alert_link');
        const before = await store.findLinkNamed(tx, name);
        if (before !== undefined) return { id: before, fresh: false };
        await store.insertLink(tx, { ...made, revoked_by: null, revoked_at: null });
        await accounts.audit(tx, actor, 'alerts.linkMade', { kind: 'alertLink', id });
        await news.tell(tx, { linkId: id, what: 'made', at: made.created_at });
        return { id, fresh: true };
      });
    },
    async revokeLink(actor, id) {
      if (!(await find(id))) throw new NotFound();
      await storage.transaction(async (tx) => {
        const at = timestamp(clock);
        if (!(await store.revokeLink(tx, id, accountOf(actor), at))) throw new Conflict('error.changed');
        await accounts.audit(tx, actor, 'alerts.linkRevoked', { kind: 'alertLink', id });
        await news.tell(tx, { linkId: id, what: 'revoked', at });
      });
    },
    async addressOf(id) {
      const link = await find(id);
      if (!link || link.revoked_at !== null) throw new NotFound();
      return { link, address: `${baseUrl}/alert/${signer.sign(SIGNED, id)}` };
    },
    async openLink(token) {
      const link = await find(signer.verify(SIGNED, token));
      return link?.revoked_at === null ? link : undefined;
    },
  };
}
