import type { Storage } from '../storage/index.ts';
import type { Books } from './books.ts';
import type { Texts } from './codebook.ts';
import { toldByEngine } from './main-store.ts';
import type { CoderKind } from './rules.ts';
import { currentOfSome } from './store.ts';

/** A code on an answer, as other features show it. */
export interface GivenCode {
  questionKey: string;
  codeId: string;
  key: string;
  name: Texts;
  coderKind: CoderKind;
  /** The colleague; null for respondents, the engine, and programs. */
  coder: string | null;
  isMain: boolean;
  probability: number | null;
  at: string;
}

interface Sources {
  storage: Pick<Storage, 'read'>;
  books: Books;
  desk: { programmes(): Promise<{ id: string }[]> };
  colleagues(): Promise<{ id: string; name: string }[]>;
}

/** The codings that stand on these responses, by response, with who gave them and when. */
export async function givenCodes(sources: Sources, responseIds: string[]): Promise<Map<string, GivenCode[]>> {
  const { read } = sources.storage;
  const colleagues = new Map((await sources.colleagues()).map(({ id, name }) => [id, name]));
  const codes = await allCodes(sources);
  const found = new Map(responseIds.map((id): [string, GivenCode[]] => [id, []]));
  for (const { responseId, accountId, codeId, createdAt: at, ...given } of await currentOfSome(read, responseIds)) {
    const { questionKey, coderKind, isMain, probability } = given;
    const coder = accountId === null ? null : (colleagues.get(accountId) ?? null);
    const code = { codeId, ...(codes.get(codeId) ?? NO_CODE) };
    found.get(responseId)?.push({ questionKey, ...code, coderKind, coder, isMain, probability, at });
  }
  for (const { responseId, chance: probability, ...told } of await toldByEngine(read, responseIds)) {
    const code = codes.get(told.codeId) ?? NO_CODE;
    found.get(responseId)?.push({ ...told, ...code, coderKind: 'engine', coder: null, isMain: true, probability });
  }
  return found;
}

type Named = Pick<GivenCode, 'key' | 'name'>;

const NO_CODE: Named = { key: '', name: {} };

async function allCodes({ storage, books, desk }: Sources): Promise<Map<string, Named>> {
  const codes = new Map<string, Named>();
  for (const { id } of await desk.programmes()) {
    for (const { id: codeId, key, name } of (await books.of(storage.read, id))?.codes ?? [])
      codes.set(codeId, { key, name });
  }
  return codes;
}
