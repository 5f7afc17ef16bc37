import type { Tx } from '../storage/index.ts';
import type { Books } from './books.ts';
import { isOffered, ultimate } from './codebook.ts';
import { standingMains, toldMains, type StandingMain } from './main-store.ts';
import { mainReasonOf, type MainReason } from './rules.ts';
import { chunks, currentOf, currentOfSome, saveMainReasons, type Subject } from './store.ts';
import { tasksOf, tasksOfSome } from './task-store.ts';

type OnMainReason = (tx: Tx, customerIds: string[]) => Promise<void>;

export interface Mains {
  /** Derives the main reasons of these responses from their codings, and tells the hooks about the customers. */
  refresh(tx: Tx, subjects: Subject[], at: string): Promise<void>;
  /** The same where only the engine has spoken: what stays as it is is neither written nor told. */
  refreshChanged(tx: Tx, subjects: Subject[], at: string): Promise<void>;
  onMainReason(hook: OnMainReason): void;
  /** Is told whose answers the engine has read, whether or not that changed a main reason. */
  onRead(hook: OnMainReason): void;
}

const AT_ONCE = 200;

export function createMains(books: Books): Mains {
  const hooks: OnMainReason[] = [];
  const readHooks: OnMainReason[] = [];

  async function reasonsOf(tx: Tx, subjects: Subject[]): Promise<(Subject & MainReason)[]> {
    const ids = subjects.map(({ id }) => id);
    const [only = ''] = ids;
    const isOne = ids.length === 1;
    const tasks = isOne ? await tasksOf(tx, only) : await tasksOfSome(tx, ids);
    const worded = new Set(tasks.map((task) => task.response_id));
    const current = isOne ? await currentOf(tx, only) : await currentOfSome(tx, ids);
    const codings = Map.groupBy(current, ({ responseId }) => responseId);
    const told = await toldMains(tx, ids);
    const reasons: (Subject & MainReason)[] = [];
    for (const subject of subjects) {
      const engine = await asOffered(tx, subject, told.get(subject.id)?.codeId);
      reasons.push({ ...subject, ...mainReasonOf(codings.get(subject.id) ?? [], worded.has(subject.id), engine) });
    }
    return reasons;
  }

  /** The engine reads anew after a change of the codebook; until then a merged code counts as its target. */
  async function asOffered(tx: Tx, { programmeId }: Subject, codeId: string | undefined): Promise<string | null> {
    const book = codeId === undefined ? undefined : await books.of(tx, programmeId);
    const code = book && codeId !== undefined ? ultimate(book, codeId) : undefined;
    return code && isOffered(code) ? code.id : null;
  }

  async function save(tx: Tx, reasons: (Subject & MainReason)[], at: string): Promise<void> {
    if (reasons.length === 0) return;
    await saveMainReasons(tx, reasons, at);
    const customerIds = [...new Set(reasons.map(({ customerId }) => customerId))];
    for (const hook of hooks) await hook(tx, customerIds);
  }

  return {
    onMainReason: (hook) => void hooks.push(hook),
    onRead: (hook) => void readHooks.push(hook),
    async refresh(tx, subjects, at) {
      for (const some of chunks(subjects, AT_ONCE)) await save(tx, await reasonsOf(tx, some), at);
    },
    async refreshChanged(tx, subjects, at) {
      for (const some of chunks(subjects, AT_ONCE)) {
        const standing = await standingMains(
          tx,
          some.map(({ id }) => id),
        );
        const reasons = await reasonsOf(tx, some);
        await save(
          tx,
          reasons.filter((each) => !isSame(each, standing.get(each.id))),
          at,
        );
        const customerIds = [...new Set(some.map(({ customerId }) => customerId))];
        for (const hook of readHooks) await hook(tx, customerIds);
      }
    },
  };
}

const isSame = (now: MainReason, before: StandingMain | undefined): boolean =>
  before?.code_id === now.codeId && before.source === now.source && before.stated_code_id === now.statedCodeId;
