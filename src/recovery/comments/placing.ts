import { accountOf, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { Conflict } from '../../shared/errors.ts';
import { createHooks, type Hooks, type Tx } from '../../storage/index.ts';
import { opensCase, type CommentKind, type CommentRow } from './comment.ts';
import type { CommentsDeps } from './deps.ts';
import type { CommentSettingsService } from './settings-service.ts';
import * as store from './store.ts';

export interface Placing {
  onPlaced: Hooks<CommentRow>['on'];
  /** The colleague who gets new cases, to be asked before the transaction; null where nobody does. */
  owner(): Promise<string | null>;
  /** Puts a comment where it belongs: a case of its own, or the list. @throws Conflict where it is a case already */
  place(tx: Tx, actor: Actor, placed: Placed): Promise<CommentRow>;
}

interface Placed {
  comment: CommentRow;
  kind: CommentKind;
  ownerId: string | null;
}

const PLACEABLE: CommentRow['state'][] = ['held', 'list', 'spam'];

export function createPlacing(deps: CommentsDeps, { settings }: CommentSettingsService): Placing {
  const { clock, cases, accounts, attachments } = deps;
  const arrived = createHooks<CommentRow>();

  async function openCase(tx: Tx, actor: Actor, { comment, kind, ownerId }: Placed): Promise<string> {
    const { id, name, email, telephone, words, language, wish, reference } = comment;
    const { caseId } = await cases.open(tx, actor, {
      kind: kind === 'guarantee' ? 'return' : 'complaint',
      customerId: comment.customer_id,
      origin: kind === 'guarantee' ? 'guarantee' : 'comment',
      originId: id,
      contact: { name, email, telephone },
      words,
      language,
      ...(ownerId === null ? {} : { ownerId }),
    });
    const detail = { reference };
    await cases.note(tx, actor, caseId, { kind: `comment.${wish || 'silent'}`, detail });
    await attachments.moveToCase(tx, { commentIds: [id] }, caseId);
    return caseId;
  }

  return {
    onPlaced: arrived.on,
    async owner() {
      const { ownerId } = await settings();
      return (await accounts.colleagues()).some(({ id, active }) => id === ownerId && active) ? ownerId : null;
    },
    async place(tx, actor, placed) {
      const { comment, kind } = placed;
      const by = accountOf(actor);
      const decided = by === null ? {} : { decided_by: by, decided_at: timestamp(clock) };
      const caseId = opensCase(kind) ? await openCase(tx, actor, placed) : null;
      const state: CommentRow['state'] = caseId === null ? 'list' : 'case';
      const change = { kind, state, case_id: caseId, ...decided };
      const from = PLACEABLE.filter((each) => each !== state);
      if (!(await store.changeComment(tx, comment.id, from, change))) throw new Conflict('error.changed');
      if (kind === 'guarantee' && caseId !== null) await store.insertClaim(tx, comment.id, caseId);
      const now = { ...comment, ...change };
      await arrived.tell(tx, now);
      return now;
    },
  };
}
