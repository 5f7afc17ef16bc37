import { accountOf, type Actor } from '../../shared/actor.ts';
import { Conflict } from '../../shared/errors.ts';
import { page, type Page, type Tx } from '../../storage/index.ts';
import type { CaseContext } from './context.ts';
import {
  exceptionsOf,
  exceptionWith,
  listExceptions,
  listShortcuts,
  type ExceptionRow,
  type Within,
} from './exception-store.ts';

const A_PAGE = 30;

interface Exception {
  waived: string;
  why: string;
}

/** Sent by a program for a colleague, who allowed it: by its reference it stands once in a case. */
interface SentException extends Exception {
  accountId: string;
  reference: string;
}

/** Cutting through procedure in an emergency: what was waived, by whom and why. */
export interface Exceptions {
  /** @throws Conflict where the case is closed */
  make(actor: Actor, caseId: string, exception: Exception): Promise<void>;
  /** The same for programs, which ask again when they heard nothing. @throws Conflict where the case is closed */
  makeOnce(actor: Actor, caseId: string, sent: SentException): Promise<{ id: string; fresh: boolean }>;
  /** In the order in which they were made. */
  ofCase(caseId: string): Promise<ExceptionRow[]>;
  /** Of all cases, the newest first, before the one of that id. */
  list(within: Within, before: string | null, limit: number): Promise<Page<ExceptionRow>>;
  /** The same with what was made urgent, for colleagues to read. */
  shortcuts(before: string | null): Promise<Page<ExceptionRow>>;
}

export function createExceptions(context: CaseContext): Exceptions {
  const { storage } = context.deps;
  return {
    async make(actor, caseId, exception) {
      const by = { actor, accountId: accountOf(actor) };
      await storage.transaction((tx) => write(context, tx, by, caseId, exception));
    },
    makeOnce: (actor, caseId, { accountId, reference, ...exception }) =>
      storage.transaction(async (tx) => {
        await context.need(tx, caseId);
        // Whoever sends the same at the same moment comes after.
        await context.change(tx, caseId, {}, {});
        const before = await exceptionWith(tx, caseId, reference);
        if (before !== undefined) return { id: before, fresh: false };
        return { id: await write(context, tx, { actor, accountId }, caseId, exception, reference), fresh: true };
      }),
    ofCase: (caseId) => exceptionsOf(storage.read, caseId),
    list: async (within, before, limit) =>
      page(await listExceptions(storage.read, within, before, limit + 1), limit, ({ id }) => id),
    shortcuts: async (before) => page(await listShortcuts(storage.read, before, A_PAGE + 1), A_PAGE, ({ id }) => id),
  };
}

/** Who does it, and the colleague in whose name. */
interface By {
  actor: Actor;
  accountId: string | null;
}

async function write(
  { need, write: writeLine, change, tell }: CaseContext,
  tx: Tx,
  { actor, accountId }: By,
  caseId: string,
  { waived, why }: Exception,
  reference?: string,
): Promise<string> {
  const theCase = await need(tx, caseId);
  if (theCase.closedAt !== null) throw new Conflict('cases.error.closed');
  const detail = { waived, ...(reference !== undefined && { reference }) };
  const id = await writeLine(tx, actor, caseId, { kind: 'exception', words: why, detail }, accountId);
  await change(tx, caseId, { open: true }, {});
  await tell(tx, actor, theCase, 'caseException', accountId);
  return id;
}
