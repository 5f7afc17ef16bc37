import { NotFound } from '../../shared/errors.ts';
import { isId } from '../../shared/ids.ts';
import { page } from '../../storage/index.ts';
import { remediesOf, type RemedyRow } from '../cases/remedy-store.ts';
import { workingMinutesLater } from '../cases/working-time.ts';
import type { CommentRow } from './comment.ts';
import { COUNTED_UP_TO, type CommentCount, type Comments, type CommentView, type WholeComment } from './interface.ts';
import type { CommentsDeps } from './deps.ts';
import type { CommentSettingsService } from './settings-service.ts';
import * as store from './store.ts';

type Reading = Pick<Comments, 'sent' | 'list' | 'listed' | 'counts' | 'findByReference' | 'get' | 'ofCase'>;

const A_PAGE = 30;
const MOST_PROPOSED = 5;
const STATES: CommentRow['state'][] = ['held', 'list', 'case', 'spam'];

const WHICH: Record<CommentView, Pick<store.ListOptions, 'open' | 'state' | 'kind'>> = {
  open: { open: true },
  idea: { state: 'list', kind: 'idea' },
  praise: { state: 'list', kind: 'praise' },
  held: { state: 'held' },
  case: { state: 'case' },
  spam: { state: 'spam' },
};

export function createReading(deps: CommentsDeps, { settings }: CommentSettingsService): Reading {
  const { storage, signer, accounts, customers, attachments, cases } = deps;
  const { read } = storage;

  async function proposals({ email, customer_id }: CommentRow): Promise<WholeComment['proposals']> {
    if (email === '' || customer_id !== null) return [];
    const ids = (await customers.idsWithEmail(read, email)).slice(0, MOST_PROPOSED);
    const names = await customers.names(read, ids);
    return [...names].map(([id, { name, reference }]) => ({ id, name, reference }));
  }

  async function customerOf({ customer_id: id }: CommentRow): Promise<WholeComment['customer']> {
    const known = id === null ? undefined : (await customers.names(read, [id])).get(id);
    return known && id !== null ? { id, name: known.name } : null;
  }

  /** What was granted is the first thing that makes good whoever decided it offered from then on. */
  async function claimOf({ id, kind }: CommentRow): Promise<Pick<WholeComment, 'claim' | 'remedy'>> {
    const claim = kind === 'guarantee' ? await store.findClaim(read, id) : undefined;
    if (claim?.state !== 'granted') return { claim, remedy: undefined };
    const { decided_by: by, decided_at: at } = claim;
    const offered = (row: RemedyRow) =>
      row.from_customer === 0 && row.proposed_by === by && row.proposed_at >= (at ?? '');
    return { claim, remedy: (await remediesOf(read, claim.case_id)).find(offered) };
  }

  return {
    async sent(token) {
      const id = signer.verify('comment', token);
      const comment = id === undefined ? undefined : await store.findComment(read, id);
      if (!comment) return undefined;
      const { ownerId, answerHours } = await settings();
      const owner = (await accounts.colleagues()).find(({ id: each, active }) => each === ownerId && active);
      const answerBy = workingMinutesLater(await accounts.company(), comment.created_at, answerHours * 60);
      return { comment, owner: owner ? { name: owner.name, title: owner.title } : null, answerBy };
    },
    async list(view, before) {
      const options = { ...WHICH[view], before: isId(before) ? before : null, limit: A_PAGE + 1 };
      return page(await store.listComments(read, options), A_PAGE, ({ id }) => id);
    },
    async listed({ view, kind, customerId }, before, limit) {
      const wanted = view === undefined ? {} : WHICH[view];
      if (kind !== undefined && (wanted.kind ?? kind) !== kind) return { rows: [], next: null };
      const options = { kind, ...wanted, customerId, before, limit: limit + 1 };
      return page(await store.listComments(read, options), limit, ({ id }) => id);
    },
    async counts() {
      const states = await Promise.all(STATES.map((state) => store.countComments(read, state, COUNTED_UP_TO)));
      const open = await store.countOfOpenCases(read, COUNTED_UP_TO);
      return states.flat().flatMap((of): CommentCount[] => {
        if (of.state !== 'case') return [{ ...of, isOpen: of.state === 'held' }];
        const count = open.get(of.kind) ?? 0;
        const others = { ...of, isOpen: false, count: Math.max(0, of.count - count) };
        return [{ ...of, isOpen: true, count }, others];
      });
    },
    findByReference: (reference) => store.commentByReference(read, reference),
    async get(id) {
      const comment = isId(id) ? await store.findComment(read, id) : undefined;
      if (!comment) throw new NotFound();
      const { case_id: caseId } = comment;
      return {
        comment,
        ...(await claimOf(comment)),
        files: await attachments.listOf(read, { commentIds: [id] }),
        caseNumber: caseId === null ? null : ((await cases.find(read, caseId))?.number ?? null),
        customer: await customerOf(comment),
        proposals: await proposals(comment),
      };
    },
    ofCase: (db, caseId) => store.commentOfCase(db, caseId),
  };
}
