import { sql } from 'kysely';
import { z } from 'zod';
import { prepared, type Db, type Tx } from '../../storage/index.ts';
import type { Place } from '../desk-store.ts';

const PROBE = '.probe';

export interface Unread extends Place {
  answeredAt: string | null;
}

/** Answers that the model of this turn has not read, those that no model has read first. */
export async function unread(db: Db, programmeId: string, turn: number, limit: number): Promise<Unread[]> {
  return await db
    .selectFrom('coding_task')
    .select(['response_id as responseId', 'question_key as questionKey', 'answered_at as answeredAt'])
    .where('programme_id', '=', programmeId)
    .where('engine_turn', '<', turn)
    .orderBy('engine_turn')
    .orderBy('created_at')
    .limit(limit)
    .execute();
}

/** A sample of all answers that is the same each time: those with the lowest random numbers. */
export async function sample(
  db: Db,
  programmeId: string,
  after: number,
  limit: number,
): Promise<(Place & { random: number })[]> {
  return await db
    .selectFrom('coding_task')
    .select(['response_id as responseId', 'question_key as questionKey', 'random_number as random'])
    .where('programme_id', '=', programmeId)
    .where('random_number', '>', after)
    .orderBy('random_number')
    .limit(limit)
    .execute();
}

export interface Written {
  text: string;
  language: string;
  /** Of the questionnaire that was answered. */
  versionId: string;
}

/**
 * What customers wrote in these responses, by response and question; the words of a probe follow those of its question, and
 * stand alone where the probe itself is what is coded.
 */
export async function wordsOf(db: Db, responseIds: string[]): Promise<Map<string, Written>> {
  const rows = await db
    .selectFrom('answer as a')
    .innerJoin('response as r', 'r.id', 'a.response_id')
    .select(['a.response_id', 'a.question_key', 'a.verbatim', 'a.language', 'r.questionnaire_version_id as version'])
    .where('a.response_id', 'in', responseIds)
    .where('a.kind', '=', 'open')
    .orderBy('a.response_id')
    .orderBy('a.question_key')
    .execute();
  const words = new Map<string, Written>();
  for (const { response_id: responseId, question_key: questionKey, verbatim, language, version: versionId } of rows) {
    const add = (key: string) => {
      const place = placeKey({ responseId, questionKey: key });
      const text = [words.get(place)?.text, verbatim ?? ''].filter(Boolean).join('\n');
      words.set(place, { text, language, versionId });
    };
    add(questionKey);
    if (questionKey.endsWith(PROBE)) add(questionKey.slice(0, -PROBE.length));
  }
  return words;
}

export const placeKey = ({ responseId, questionKey }: Place): string => `${responseId} ${questionKey}`;

/** The place that was made into this key. */
export function placeOf(key: string): Place {
  const [responseId = '', questionKey = ''] = key.split(' ');
  return { responseId, questionKey };
}

/** A code that a colleague gave, and still stands. */
export interface Given extends Place {
  isMain: number;
  createdAt: string;
}

/** Answers with a code, in the order of their responses, part by part. */
export async function givenOf(db: Db, codeId: string, until: string, after: string, limit: number): Promise<Given[]> {
  return await db
    .selectFrom('coding')
    .select([
      'response_id as responseId',
      'question_key as questionKey',
      'is_main as isMain',
      'created_at as createdAt',
    ])
    .where('code_id', '=', codeId)
    .where('coder_kind', '=', 'colleague')
    .where('withdrawn_at', 'is', null)
    .where('response_id', '>', after)
    .where('created_at', '<=', until)
    .orderBy('response_id')
    .limit(limit)
    .execute();
}

/** Answers that colleagues coded since then, up to `most`. */
export async function codedSince(db: Db, programmeId: string, since: string, most: number): Promise<number> {
  const row = await db
    .selectFrom((eb) =>
      eb
        .selectFrom('coding_task')
        .select('response_id')
        .where('programme_id', '=', programmeId)
        .where(sql<boolean>`state = 'coded'`)
        .where('coded_at', '>', since)
        .limit(most)
        .as('some'),
    )
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow();
  return Number(row.n);
}

export interface Opinion {
  turn: number;
  /** By the id of a code, 0 to 1. */
  chances: Record<string, number>;
  why: Record<string, string>;
}

const chancesSchema = z.record(z.string(), z.number());
const whySchema = z.record(z.string(), z.string());

export async function opinionOn(db: Db, { responseId, questionKey }: Place): Promise<Opinion | undefined> {
  const row = await db
    .selectFrom('engine_opinion')
    .select(['turn', 'chances', 'why'])
    .where('response_id', '=', responseId)
    .where('question_key', '=', questionKey)
    .executeTakeFirst();
  return (
    row && {
      turn: row.turn,
      chances: chancesSchema.parse(JSON.parse(row.chances)),
      why: whySchema.parse(JSON.parse(row.why)),
    }
  );
}

/** What the engine makes of an answer; how much asking a person would teach it, 0 to 1. */
interface Reading extends Opinion {
  worthAsking: number;
}

interface ToKeep extends Place {
  answeredAt: string;
  turn: number;
  worthAsking: number;
  chances: string;
  why: string;
}

/** Where nothing is said of when it was answered: no timestamp. */
const NEVER = '';

const noteRead = prepared<ToKeep>()((db, p) =>
  db
    .updateTable('coding_task')
    .set({ engine_turn: p.turn, worth_asking: p.worthAsking })
    .where('response_id', '=', p.responseId)
    .where('question_key', '=', p.questionKey)
    .where('engine_turn', '<', p.turn)
    .where((eb) => eb(eb.fn.coalesce('answered_at', sql.lit(NEVER)), '=', p.answeredAt)),
);

const putOpinion = prepared<ToKeep>()((db, p) => {
  const content = { turn: p.turn, chances: p.chances, why: p.why };
  return db
    .insertInto('engine_opinion')
    .values({ response_id: p.responseId, question_key: p.questionKey, ...content })
    .onConflict((on) => on.columns(['response_id', 'question_key']).doUpdateSet(content));
});

/** Keeps what the engine makes of an answer, unless its words have changed since they were read. */
export async function keepOpinion(tx: Tx, read: Unread, { turn, worthAsking, ...said }: Reading): Promise<boolean> {
  const row: ToKeep = {
    responseId: read.responseId,
    questionKey: read.questionKey,
    answeredAt: read.answeredAt ?? NEVER,
    turn,
    worthAsking,
    chances: JSON.stringify(said.chances),
    why: JSON.stringify(said.why),
  };
  const { numAffectedRows } = await noteRead(tx, row);
  if (numAffectedRows !== 1n) return false;
  await putOpinion(tx, row);
  return true;
}
