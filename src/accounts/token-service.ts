import { accountOf, COMMAND, type Actor } from '../shared/actor.ts';
import { timestamp, type Clock } from '../shared/clock.ts';
import { addMinutes } from '../shared/dates.ts';
import { Conflict, Invalid } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import { randomToken, sameSecret, tokenHash } from '../shared/tokens.ts';
import type { Storage } from '../storage/index.ts';
import { readForm, type Role } from '../web/index.ts';
import type { AuditLog } from './audit-service.ts';
import { tokenForm } from './people-forms.ts';
import * as rows from './token-store.ts';

export interface AccessTokens {
  listTokens(): Promise<rows.TokenRow[]>;
  /** The token is handed out this once; the database keeps its hash. @throws Invalid */
  createToken(token: { name: string; role: Role }, actor?: Actor): Promise<{ id: string; token: string }>;
  revokeToken(actor: Actor, id: string): Promise<void>;
  /** Who a bearer is, or undefined; its use is noted every five minutes at most. */
  authenticateToken(bearer: string): Promise<{ actor: Actor; role: Role } | undefined>;
}

/** Tells people and secret scanners what this is. */
const PREFIX = 'comeback_';
const SHAPE = /^comeback_[A-Za-z0-9_-]{43}$/;
const NOTED_EVERY_MINUTES = 5;

export function createAccessTokens(storage: Storage, clock: Clock, log: AuditLog): AccessTokens {
  const now = () => timestamp(clock);
  return {
    listTokens: () => rows.listTokens(storage.read),
    async createToken(given, actor = COMMAND) {
      const form = readForm(tokenForm, given);
      if (!form.ok) throw new Invalid(form.errors);
      const token = PREFIX + randomToken();
      const row: rows.TokenRow = {
        id: newId(clock),
        name: form.value.name,
        role: form.value.role,
        token_hash: tokenHash(token),
        created_by: accountOf(actor),
        created_at: now(),
        last_used_at: null,
        revoked_at: null,
      };
      await storage.transaction(async (tx) => {
        await rows.insertToken(tx, row);
        await log.audit(tx, actor, `accounts.token.${row.role}`, { kind: 'token', id: row.id });
      });
      return { id: row.id, token };
    },
    async revokeToken(actor, id) {
      await storage.transaction(async (tx) => {
        if (!(await rows.revokeToken(tx, id, now()))) throw new Conflict('error.changed');
        await log.audit(tx, actor, 'accounts.tokenRevoked', { kind: 'token', id });
      });
    },
    async authenticateToken(bearer) {
      if (!SHAPE.test(bearer)) return undefined;
      const hash = tokenHash(bearer);
      const [found] = (await rows.findToken(storage.read, { hash })).rows;
      if (!found || !sameSecret(found.token_hash, hash)) return undefined;
      const at = now();
      if (!found.last_used_at || found.last_used_at <= addMinutes(at, -NOTED_EVERY_MINUTES)) {
        await storage.transaction((tx) => rows.noteUse(tx, found.id, at));
      }
      return { actor: { kind: 'token', id: found.id }, role: found.role };
    },
  };
}
