import { randomBytes } from 'node:crypto';
import { SYSTEM } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { addMinutes } from '../../shared/dates.ts';
import { Conflict, type FieldErrors, type Result } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import { oneText } from '../../shared/one-text.ts';
import { newReference } from '../../responses/index.ts';
import type { Tx } from '../../storage/index.ts';
import type { CheckedFile } from '../attachments/index.ts';
import { COMMENT_KINDS, type CommentKind, type CommentRow, type Said } from './comment.ts';
import { readSaid } from './form.ts';
import type { Comments, Received } from './interface.ts';
import type { Placing } from './placing.ts';
import { plainWords, readStamp, stampOf, suspicions, type FormStamp } from './rules.ts';
import type { CommentsDeps } from './deps.ts';
import { promisedIn } from './settings.ts';
import type { CommentSettingsService } from './settings-service.ts';
import * as store from './store.ts';

const STAMP = 'tell-us';
const DAY_MINUTES = 24 * 60;
/** Enough to know that it is too often. */
const MOST_COUNTED = 5;

interface Checked {
  said: Said;
  stamp: FormStamp;
  /** What stands in the field that people do not see. */
  trap: string;
  language: string;
  files: CheckedFile[];
}

interface Business {
  company: string;
  /** The colleague who gets new cases. */
  ownerId: string | null;
}

type Receiving = Pick<Comments, 'stamp' | 'kindsIn' | 'receive'>;

/** The public side: forms go out, comments come in. */
export function createReceiving(deps: CommentsDeps, placing: Placing, { settings }: CommentSettingsService): Receiving {
  const { storage, clock, signer, accounts, texts, attachments } = deps;
  const mac = (text: string) => signer.mac(STAMP, text);
  const now = () => clock.now().getTime();
  const stamp = () => stampOf(now(), randomBytes(12).toString('base64url'), mac);

  async function kindsIn(language: string): Promise<CommentKind[]> {
    const { guarantee } = await settings();
    const { name } = await accounts.company();
    const starter = () => texts.to(language)('comments.starter.guarantee', { company: name });
    const given = promisedIn(guarantee, language, starter) !== undefined;
    return COMMENT_KINDS.filter((kind) => kind !== 'guarantee' || given);
  }

  /** What was sent as it may be kept, or what is wrong with it. */
  async function check({ body, upload, language }: Received): Promise<Result<Checked>> {
    const given = (body ?? {}) as Record<string, unknown>;
    const made = readStamp(oneText(given.stamp), now(), mac);
    const said = readSaid(body, await kindsIn(language));
    const file = checkFile(upload);
    const errors: FieldErrors = { ...(said.ok ? {} : said.errors), ...file.errors };
    if (!made) errors.words ??= { key: 'comments.error.again' };
    if (!made || !said.ok || Object.keys(errors).length > 0) return { ok: false, errors };
    const trap = oneText(given.website);
    return { ok: true, value: { said: said.value, stamp: made, trap, language, files: file.files } };
  }

  function checkFile(upload: Received['upload']): { files: CheckedFile[]; errors: FieldErrors } {
    // A form without a chosen file sends an empty one without a name.
    if (upload === 'none' || (upload !== 'too large' && upload.name === '' && upload.bytes.length === 0))
      return { files: [], errors: {} };
    const { files, refused } =
      upload === 'too large'
        ? { files: [], refused: [{ name: '', why: 'tooLarge' as const }] }
        : attachments.checkAll([upload]);
    const problem = attachments.problem(refused);
    return problem ? { files: [], errors: { file: problem } } : { files, errors: {} };
  }

  async function keep(tx: Tx, checked: Checked, { company, ownerId }: Business): Promise<CommentRow> {
    const { said, stamp: form, trap, files } = checked;
    const at = timestamp(clock);
    const words_key = signer.mac('comment words', plainWords(said.words));
    const since = addMinutes(at, -DAY_MINUTES);
    const before = await store.countWords(tx, words_key, since, MOST_COUNTED);
    const why = suspicions({ ...said, trap, tookMs: now() - form.madeAt, before });
    const id = newId(clock);
    const row = { ...blankRow(checked), id, reference: newReference(company, id), words_key, created_at: at };
    if (!(await store.insertComment(tx, { ...row, why_held: JSON.stringify(why) }))) {
      const sentBefore = await store.commentOfForm(tx, form.key);
      if (sentBefore) return sentBefore;
      throw new Conflict('error.changed');
    }
    if (files.length > 0) await attachments.keep(tx, { commentId: id, fromCustomer: true }, files);
    return why.length === 0 ? await placing.place(tx, SYSTEM, { comment: row, kind: said.kind, ownerId }) : row;
  }

  return {
    stamp,
    kindsIn,
    async receive(received) {
      const checked = await check(received);
      if (!checked.ok) return { ...checked, stamp: stampAgain(received.body) };
      const business = { company: (await accounts.company()).name, ownerId: await placing.owner() };
      const { id } = await storage.transaction((tx) => keep(tx, checked.value, business));
      return { ok: true, token: signer.sign('comment', id) };
    },
  };

  /** The stamp that it came with, so that whoever mends a field is not taken for a fast one; a new one if it is no good. */
  function stampAgain(body: unknown): string {
    const { stamp: given } = (body ?? {}) as { stamp?: unknown };
    return typeof given === 'string' && readStamp(given, now(), mac) ? given : stamp();
  }
}

/** Waiting, until it is placed. */
function blankRow({
  said,
  stamp,
  language,
}: Checked): Omit<CommentRow, 'id' | 'reference' | 'words_key' | 'created_at'> {
  return {
    ...said,
    state: 'held',
    language,
    why_held: '[]',
    form_key: stamp.key,
    customer_id: null,
    case_id: null,
    decided_by: null,
    decided_at: null,
  };
}
