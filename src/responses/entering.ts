import { accountOf, type Actor } from '../shared/actor.ts';
import { timestamp, type Clock } from '../shared/clock.ts';
import { Conflict, NotFound } from '../shared/errors.ts';
import { isId, newId } from '../shared/ids.ts';
import type { Definition } from '../questionnaires/index.ts';
import { page, type Page, type Storage, type Tx } from '../storage/index.ts';
import * as copies from './copy-store.ts';
import type { Asked, Copy, Entry, Found, Response, WaitingCopy, WholeResponse } from './response.ts';
import { findByInvitation } from './store.ts';

export interface Entered {
  response: Response;
  /** Where there were answers already: what was entered is kept under this id and does not count yet. */
  copyId: string | null;
}

export interface Entering {
  /**
   * Answers that somebody entered, from paper or the telephone, complete at once. Where the invitation has a response,
   * they are kept beside it until somebody chooses. Throws Conflict where another answer came in this very moment.
   */
  enter(tx: Tx, asked: Asked, whole: WholeResponse, entry: Entry): Promise<Entered>;
  /** Throws NotFound. */
  copy(id: string): Promise<Copy>;
  /** Sets of answers that nobody has decided about, oldest first; the cursor is an id. */
  waitingCopies(after: string | null, limit?: number): Promise<Page<WaitingCopy>>;
  /**
   * Says which of two sets of answers counts; the other is kept aside. Where that changes, hooks are told as of a
   * change by the respondent. Throws Conflict where somebody decided meanwhile.
   */
  choose(actor: Actor, copy: Copy, which: 'copy' | 'standing', definition: Definition): Promise<void>;
}

export interface EnteringDeps {
  storage: Storage;
  clock: Clock;
  record(tx: Tx, asked: Asked, whole: WholeResponse): Promise<Response>;
  /** Tells the invitation and the timeline that the response is complete. */
  announce(tx: Tx, response: Response, at: string): Promise<void>;
  /** Tells the hooks what stands now. */
  tell(tx: Tx, asked: Pick<Asked, 'definition' | 'invitation'>): Promise<void>;
  audit(
    tx: Tx,
    actor: Actor,
    action: string,
    subject: { kind: string; id?: string | null },
    detail?: object,
  ): Promise<unknown>;
}

const COPIES_A_PAGE = 50;

export function createEntering(deps: EnteringDeps): Entering {
  const { storage, clock } = deps;

  async function keepBeside(tx: Tx, { response }: Found, asked: Asked, whole: WholeResponse, entry: Entry) {
    const { mode, language, invitation } = asked;
    const common = { language, mode, versionId: invitation.versionId };
    const id = newId(clock);
    await copies.insertCopy(tx, {
      id,
      response_id: response.id,
      invitation_id: invitation.id,
      mode,
      language,
      answers: copies.asJson(whole.answers.map((answer) => ({ ...answer, ...common }))),
      contact_wish: whole.contactWish ?? null,
      ...columnsOf(entry),
      state: 'waiting',
      chosen_by: null,
      chosen_at: null,
    });
    return { response, copyId: id };
  }

  const chosenBy = (actor: Actor) => ({
    state: 'set_aside' as const,
    chosen_by: accountOf(actor),
    chosen_at: timestamp(clock),
  });

  /** What counted goes where the copy was, and the copy counts. */
  async function swap(tx: Tx, actor: Actor, copy: Copy, definition: Definition): Promise<void> {
    const at = timestamp(clock);
    await copies.lockResponse(tx, copy.responseId, at);
    const found = await findByInvitation(tx, copy.invitationId);
    if (!found) throw new NotFound();
    const { response, answers } = found;
    const entry = await copies.findEntry(tx, response.id);
    const aside = {
      mode: response.mode,
      language: response.language,
      answers: copies.asJson(answers.values()),
      contact_wish: response.contactWish,
      entered_by: entry?.entered_by ?? null,
      entered_at: entry?.entered_at ?? response.submittedAt ?? response.updatedAt,
      received_on: entry?.received_on ?? null,
    };
    if (!(await copies.settleCopy(tx, copy, { ...aside, ...chosenBy(actor) }))) throw new Conflict(DECIDED);
    await copies.putInPlace(tx, copy, response.submittedAt ?? at);
    await keepEntry(tx, copy);
    if (response.submittedAt === null) await deps.announce(tx, response, at);
    const { customerId, waveId, programmeId, versionId } = response;
    await deps.tell(tx, {
      definition,
      invitation: { id: copy.invitationId, customerId, waveId, programmeId, versionId },
    });
  }

  return {
    async enter(tx, asked, whole, entry) {
      const found = await findByInvitation(tx, asked.invitation.id);
      if (found) return await keepBeside(tx, found, asked, whole, entry);
      const response = await deps.record(tx, asked, whole);
      await copies.saveEntry(tx, { response_id: response.id, ...columnsOf(entry) });
      return { response, copyId: null };
    },
    async copy(id) {
      const copy = isId(id) ? await copies.findCopy(storage.read, id) : undefined;
      if (!copy) throw new NotFound();
      return copy;
    },
    async waitingCopies(after, limit = COPIES_A_PAGE) {
      return page(await copies.waitingCopies(storage.read, after, limit + 1), limit, ({ id }) => id);
    },
    async choose(actor, copy, which, definition) {
      await storage.transaction(async (tx) => {
        if (which === 'copy') await swap(tx, actor, copy, definition);
        else if (!(await copies.settleCopy(tx, copy, chosenBy(actor)))) throw new Conflict(DECIDED);
        const detail = { copy: copy.id, mode: copy.mode };
        await deps.audit(tx, actor, `responses.chose.${which}`, { kind: 'response', id: copy.responseId }, detail);
      });
    },
  };
}

const DECIDED = 'responses.copy.decided';

const columnsOf = ({ by, at, receivedOn }: Entry) => ({ entered_by: by, entered_at: at, received_on: receivedOn });

/** Who entered what counts now; what respondents sent themselves was entered by nobody. */
async function keepEntry(tx: Tx, copy: Copy): Promise<void> {
  if (copy.mode === 'email' || copy.mode === 'web') return await copies.deleteEntry(tx, copy.responseId);
  const { enteredBy: by, enteredAt: at, receivedOn } = copy;
  await copies.saveEntry(tx, { response_id: copy.responseId, ...columnsOf({ by, at, receivedOn }) });
}
