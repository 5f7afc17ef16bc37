import { NotFound } from '../../shared/errors.ts';
import type { InsightDeps } from '../deps.ts';
import { codesOf } from '../leaving-store.ts';
import { askedQuestions, questionAt, type AskedQuestion } from './asked.ts';
import { bookOf, inOrder, mergedInto, mergesIn, questionReport, ultimateIn, type Book } from './books.ts';
import { themeFigures, type ThemeFigures } from './figures-rules.ts';
import type { Filter } from './filter.ts';
import { lowOnes } from './low-store.ts';
import { PARTS, topicFrom } from './parts.ts';
import type { Reading } from './reading.ts';
import type { Remembered } from './remembering.ts';
import type { LowReport, QuestionReport, SatisfactionReport } from './report.ts';
import { wordsOf, type Behind } from './words.ts';

const SATISFACTION = 'satisfaction';

/** The questions that are asked, by programme and key. */
export type Asked = Map<string, AskedQuestion>;

/** What customers say in their own words: themes, what goes with low scores, the answers behind a theme. */
export function createSaying({ storage, questionnaires }: InsightDeps, reading: Reading, remembered: Remembered) {
  const book = async (programmeKey: string): Promise<Book> => bookOf(await codesOf(storage.read, programmeKey));

  /** The codebooks of the programmes that ask something, by the programme's id. */
  async function booksOf(asked: Asked): Promise<Map<string, Book>> {
    const keys = new Map([...asked.values()].map((each) => [each.programmeId, each.programmeKey]));
    const books = new Map<string, Book>();
    for (const [id, key] of keys) books.set(id, await book(key));
    return books;
  }

  /** By topic; what nobody asks any more is left out. */
  async function figures(filter: Filter, books: Map<string, Book>): Promise<[topic: string, ThemeFigures][]> {
    const ultimate = ultimateIn(books.values());
    const { codes, audited } = await reading.words(filter);
    const checked = Map.groupBy(audited, ({ topic }) => topic);
    return Array.from(Map.groupBy(codes, ({ topic }) => topic)).flatMap(([topic, sums]) =>
      books.has(topicFrom(topic).programmeId) ? [[topic, themeFigures(sums, checked.get(topic) ?? [], ultimate)]] : [],
    );
  }

  async function questions(filter: Filter, asked: Asked): Promise<QuestionReport[]> {
    const books = await booksOf(asked);
    const name = JSON.stringify([filter, Array.from(books, ([id, codes]) => [id, mergesIn(codes)])]);
    const reports = (await remembered(name, () => figures(filter, books))).flatMap(([text, found]) => {
      const { part, programmeId, questionKey } = topicFrom(text);
      const [question, codes] = [asked.get(questionAt(programmeId, questionKey)), books.get(programmeId)];
      return question && codes ? [questionReport(part, question, codes, found)] : [];
    });
    return inOrder(reports, [...asked.values()], PARTS);
  }

  async function low(asked: Asked): Promise<SatisfactionReport['low']> {
    const rows = await lowOnes(storage.read);
    const [first] = rows;
    if (!first) return null;
    const codes = await book(SATISFACTION);
    const texts = new Map(
      [...asked.values()]
        .filter(({ programmeKey }) => programmeKey === SATISFACTION)
        .map(({ questionKey, text }) => [questionKey, text]),
    );
    const themes = rows.flatMap((row): LowReport[] => {
      const code = codes.get(row.code_id);
      if (!code) return [];
      const { carrying, others, difference, low: least, high: most, told } = row;
      const question = texts.get(row.question_key) ?? {};
      const about = { questionKey: row.question_key, question, codeId: code.id, key: code.key, name: code.name };
      return [{ ...about, carrying, others, difference, low: least, high: most, told: told === 1 }];
    });
    return { period: { from: first.from_day, to: first.to_day }, themes };
  }

  return {
    asked: (): Promise<Asked> => askedQuestions(questionnaires),
    questions,
    low,
    /**
     * The answers behind a theme at one moment, in random order from a point between 0 and 1.
     * @throws NotFound where nobody asks that, or there is no such theme
     */
    async verbatims(filter: Filter, behind: Behind, after: number) {
      const asked = [...(await askedQuestions(questionnaires)).values()].filter(
        (each) => each.questionKey === behind.questionKey,
      );
      for (const question of asked) {
        const codes = await book(question.programmeKey);
        const code = codes.get(behind.codeId);
        if (!code) continue;
        const merged = mergedInto(codes, code.id);
        const found = await wordsOf(storage, { ...behind, codeId: code.id }, merged, filter, after);
        const names = new Map(Array.from(codes, ([id, { name }]) => [id, name]));
        return { question, code, names, ...found };
      }
      throw new NotFound();
    },
  };
}
