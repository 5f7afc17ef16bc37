import { accountOf, type Actor } from '../shared/actor.ts';
import { timestamp } from '../shared/clock.ts';
import { Conflict, NotFound } from '../shared/errors.ts';
import { displayName, type Customer } from '../customers/index.ts';
import type { ListedInvitation, OpenInvitation, OtherWay, Wave } from '../invitations/index.ts';
import { page, type Db, type Page, type Tx } from '../storage/index.ts';
import { PART } from './choosing.ts';
import { createCodes } from './codes.ts';
import type { PostDeps } from './deps.ts';
import type { Posted, Prepared, PrintJob } from './letter.ts';
import { againstPosting, type LeftOut } from './letter-rules.ts';
import { createPreparing } from './preparing.ts';
import * as store from './store.ts';

export type { ListedBatch } from './store.ts';

export interface Post {
  /** Makes the letters of a wave, in parts; nothing counts as sent yet. @throws Conflict where the wave sends nothing */
  prepare(actor: Actor, waveId: string, whom: OtherWay): Promise<Prepared>;
  /** The newest first; the cursor is a number. */
  parts(waveId: string, before: number | null): Promise<Page<store.ListedBatch>>;
  /** One part with its letters, as they may go at this moment. Changes nothing. @throws NotFound */
  printJob(waveId: string, number: number): Promise<PrintJob>;
  /** The letters are in the post: from now on they count as sent. @throws Conflict where that was said before */
  markPosted(actor: Actor, waveId: string, number: number): Promise<Posted>;
  /** Takes a part back that was never posted; its codes open nothing any more. @throws Conflict */
  discard(actor: Actor, waveId: string, number: number): Promise<void>;
  /** Whose letter has that code. Changes nothing. */
  findByCode(code: string): Promise<OpenInvitation | undefined>;
  linkByCode(invitationId: string): string;
  /** The letter came back undelivered. */
  cameBack(actor: Actor, invitationId: string): Promise<void>;
}

const PARTS_A_PAGE = 50;
const SENDING = new Set(['sending', 'finished']);

/** Letters: made, printed, posted, and their codes read again. */
export function createPost(deps: PostDeps): Post {
  const { storage, invitations, customers, accounts } = deps;
  const codes = createCodes(deps.signer);
  const prepare = createPreparing(deps, codes);

  async function batchOf(waveId: string, number: number): Promise<store.BatchRow> {
    const batch = await store.findBatch(storage.read, waveId, number);
    if (!batch) throw new NotFound();
    return batch;
  }

  return {
    async prepare(actor, waveId, whom) {
      return await prepare(actor, await sendingWave(deps, waveId), whom);
    },
    async parts(waveId, before) {
      const rows = await store.listBatches(storage.read, waveId, before, PARTS_A_PAGE + 1);
      return page(rows, PARTS_A_PAGE, ({ number }) => String(number));
    },
    async printJob(waveId, number) {
      const wave = await invitations.getWave(waveId);
      const batch = await batchOf(waveId, number);
      const version = await deps.questionnaires.version(wave.versionId);
      if (!version) throw new NotFound();
      const checked = await checkLetters(deps, storage.read, { wave, batch });
      const letters = checked.flatMap(({ row, invitation, customer, why }) =>
        invitation && customer && why === null
          ? [{ invitation, customer, language: row.language, code: codes.codeFor(row.invitation_id, row.attempt) }]
          : [],
      );
      const { definition } = version;
      return { wave, number, definition, letters, leftOut: leftOutOf(checked) };
    },
    async markPosted(actor, waveId, number) {
      const wave = await sendingWave(deps, waveId);
      const batch = await batchOf(waveId, number);
      if (batch.posted_at !== null) throw new Conflict('post.error.posted');
      return await postBatch(deps, actor, wave, batch);
    },
    async discard(actor, waveId, number) {
      const batch = await batchOf(waveId, number);
      await storage.transaction(async (tx) => {
        if (!(await store.deleteBatch(tx, batch.id))) throw new Conflict('post.error.posted');
        await accounts.audit(tx, actor, 'post.discarded', { kind: 'wave', id: waveId }, { number });
      });
    },
    async findByCode(code) {
      const letter = await store.letterByKey(storage.read, codes.keyOf(code));
      return letter && (await invitations.find(storage.read, letter.invitation_id));
    },
    linkByCode: invitations.linkByCode,
    async cameBack(actor, invitationId) {
      const invitation = await invitations.find(storage.read, invitationId);
      if (!invitation) throw new NotFound();
      const { customerId, waveId } = invitation;
      const detail = { wave: (await invitations.getWave(waveId)).name };
      const event = { customerId, accountId: accountOf(actor), kind: 'post.cameBack', subjectId: invitationId, detail };
      await storage.transaction(async (tx) => {
        await invitations.letterCameBack(tx, invitationId);
        await customers.recordEvents(tx, [event]);
        await accounts.audit(tx, actor, 'post.cameBack', { kind: 'invitation', id: invitationId });
      });
    },
  };
}

/** So many letters a transaction: short enough that nobody who answers has to wait for it. */
const SLICE = 25;

/** Letter by letter, and the part as a whole at the end: after a crash, pressing again does what is left. */
async function postBatch(deps: PostDeps, actor: Actor, wave: Wave, batch: store.BatchRow): Promise<Posted> {
  const done: Checked[] = [];
  for (let slice: Checked[] = []; slice.length === SLICE || done.length === 0;) {
    slice = await deps.storage.transaction(async (tx) => {
      const checked = await checkLetters(deps, tx, { wave, batch }, { from: done.length, most: SLICE, draws: true });
      for (const each of checked) await postLetter(deps, tx, actor, wave, each);
      return checked;
    });
    done.push(...slice);
    if (slice.length === 0) break;
  }
  await deps.storage.transaction(async (tx) => {
    await store.markBatchPosted(tx, batch.id, accountOf(actor), timestamp(deps.clock));
    const count = done.filter(({ why }) => why === null).length;
    await deps.accounts.audit(tx, actor, 'post.posted', { kind: 'wave', id: wave.id }, { number: batch.number, count });
  });
  return { posted: done.filter(({ why }) => why === null).length, leftOut: leftOutOf(done) };
}

async function postLetter(deps: PostDeps, tx: Tx, actor: Actor, wave: Wave, letter: Checked): Promise<void> {
  const { row, customer } = letter;
  if (row.state !== 'prepared') return;
  const reached = { id: row.invitation_id, from: row.from_delivery, language: row.language };
  if (letter.why === null && !(await deps.invitations.reachedOtherwise(tx, wave, reached))) letter.why = 'moved';
  const settled = { state: letter.why === null ? 'posted' : 'left_out', why: letter.why } as const;
  const wasMine = await store.settleLetter(tx, row.invitation_id, settled);
  if (!wasMine || letter.why !== null || !customer) return;
  await deps.accounts.audit(tx, actor, 'post.letterPosted', { kind: 'invitation', id: row.invitation_id });
  const event = { kind: 'post.letterPosted', subjectId: row.invitation_id, detail: { wave: wave.name } };
  await deps.customers.recordEvents(tx, [{ customerId: customer.id, accountId: accountOf(actor), ...event }]);
}

/** @throws Conflict where the wave has not started sending, is paused, or was stopped */
async function sendingWave({ invitations }: PostDeps, waveId: string): Promise<Wave> {
  const wave = await invitations.getWave(waveId);
  if (!SENDING.has(wave.state)) throw new Conflict(`post.error.${wave.state === 'paused' ? 'paused' : 'notSending'}`);
  return wave;
}

interface Checked {
  row: store.LetterRow;
  invitation: ListedInvitation | undefined;
  customer: Customer | undefined;
  why: LeftOut | null;
}

interface Some {
  from: number;
  most: number;
  /** They are going into the post in this transaction. */
  draws: boolean;
}

/** Every letter of a part with what speaks against it now. A posted one stays: it can be printed again. */
async function checkLetters(
  { invitations, customers }: PostDeps,
  db: Db,
  { wave, batch }: { wave: Wave; batch: store.BatchRow },
  { draws, ...some }: Some = { from: 0, most: PART, draws: false },
): Promise<Checked[]> {
  const rows = await store.lettersOf(db, batch.id, some);
  const listed = await invitations.listedById(
    db,
    rows.map((row) => row.invitation_id),
  );
  const people = await customers.findMany(
    db,
    [...listed.values()].map(({ customerId }) => customerId),
  );
  const waiting = rows.flatMap(({ state, invitation_id }) => {
    const invitation = state === 'prepared' ? listed.get(invitation_id) : undefined;
    return invitation ? [invitation] : [];
  });
  const rules = await (draws
    ? invitations.drawAndCheck(db as Tx, wave, waiting)
    : invitations.againstAsking(db, wave, waiting));
  return rows.map((row) => {
    const invitation = listed.get(row.invitation_id);
    const customer = invitation && people.get(invitation.customerId);
    const from = row.state === 'posted' ? 'sent' : row.from_delivery;
    const why =
      row.state === 'left_out'
        ? (row.why as LeftOut)
        : (againstPosting(invitation, from, customer) ?? rules.get(row.invitation_id)?.why ?? null);
    return { row, invitation, customer, why };
  });
}

function leftOutOf(checked: Checked[]): { name: string; why: LeftOut }[] {
  return checked.flatMap(({ customer, why }) =>
    why === null ? [] : [{ name: customer && customer.erasedAt === null ? displayName(customer) : '', why }],
  );
}
