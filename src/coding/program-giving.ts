import type { Actor } from '../shared/actor.ts';
import type { Audit } from '../shared/audit.ts';
import { Invalid, NotFound } from '../shared/errors.ts';
import { codedKeys, type Definition } from '../questionnaires/index.ts';
import type { Storage, Tx } from '../storage/index.ts';
import type { Wanted } from './giving-rules.ts';
import { subjectsOf } from './store.ts';
import { tasksOfSome } from './task-store.ts';

/** What a program gives to a response; without a question to the first one that has words. */
export interface CodeResponse {
  responseId: string;
  questionKey?: string;
  /** Keys of codes. */
  codes: string[];
  main: string | null;
}

interface Deps {
  storage: Storage;
  audit: Audit<Tx>;
  definitionOf(versionId: string): Promise<Definition | undefined>;
  give(tx: Tx, actor: Actor, wanted: Wanted[]): Promise<void>;
  auditOne(tx: Tx, actor: Actor, action: string, wanted: Wanted): Promise<void>;
}

const MOST_AT_ONCE = 100;

/** Codings by programs. None of them is shown what the engine suggests. */
export function createProgramGiving({ storage, audit, definitionOf, give, auditOne }: Deps) {
  async function withQuestions(items: CodeResponse[]): Promise<Wanted[]> {
    const open = items.filter((each) => each.questionKey === undefined).map((each) => each.responseId);
    const known = Map.groupBy(await tasksOfSome(storage.read, open), (task) => task.response_id);
    const subjects = new Map((await subjectsOf(storage.read, open)).map((each) => [each.id, each]));
    const wanted: Wanted[] = [];
    for (const { responseId, questionKey, codes, main } of items) {
      const keys = (known.get(responseId) ?? []).map((task) => task.question_key);
      const versionId = subjects.get(responseId)?.versionId;
      const question = questionKey ?? (await firstOf(keys, versionId));
      if (question === undefined) throw new NotFound('coding.error.noWords');
      wanted.push({ responseId, questionKey: question, codes, mainCodeId: main, by: 'key', blind: true });
    }
    return wanted;
  }

  async function firstOf(keys: string[], versionId: string | undefined): Promise<string | undefined> {
    if (keys.length < 2 || versionId === undefined) return keys[0];
    const definition = await definitionOf(versionId);
    return definition ? codedKeys(definition).find((key) => keys.includes(key)) : keys[0];
  }

  async function codeResponses(actor: Actor, items: CodeResponse[]): Promise<void> {
    if (items.length > MOST_AT_ONCE) throw new Invalid({ codings: { key: 'coding.error.tooMany' } });
    const wanted = await withQuestions(items);
    await storage.transaction(async (tx) => {
      await give(tx, actor, wanted);
      const [only] = wanted;
      if (only && wanted.length === 1) return await auditOne(tx, actor, 'coding.save', only);
      const responses = wanted.map((each) => each.responseId);
      await audit(tx, actor, 'coding.bulk', { kind: 'response' }, { responses });
    });
  }

  return {
    /** Gives codes by their keys, for programs: at most 100 at once, all or none. */
    codeResponses,
    codeResponse: (actor: Actor, item: CodeResponse): Promise<void> => codeResponses(actor, [item]),
  };
}
