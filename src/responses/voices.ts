import { formatDay } from '../i18n/index.ts';
import { dayIn } from '../shared/dates.ts';
import type { Customers } from '../customers/index.ts';
import { pageKey, pagesFor, type AnswerValue, type Questionnaires } from '../questionnaires/index.ts';
import type { Storage } from '../storage/index.ts';
import type { Staff } from '../web/index.ts';
import * as lists from './list-store.ts';
import type { Response, StoredAnswer } from './response.ts';
import { valuesOf } from './rules.ts';
import { questionText } from './wording.ts';

/** For whom it is said. */
type Reader = Pick<Staff, 'language' | 'timeZone'>;

/** Somebody's own words, and where the rest of what they answered stands. */
export interface Voice {
  href: string;
  text: string;
  language: string;
  /** What was asked, in the reader's language. */
  question: string;
  /** Whose answer, to what, when: in the reader's language. */
  about: string;
}

interface VoicesDeps {
  storage: Pick<Storage, 'read'>;
  questionnaires: Pick<Questionnaires, 'version'>;
  customers: Pick<Customers, 'names'>;
}

interface Voices {
  /** What a customer wrote in their last responses, newest first. */
  ofCustomer(customerId: string, reader: Reader): Promise<Voice[]>;
  /** What somebody wrote in these responses. */
  ofResponses(ids: string[], reader: Reader): Promise<Voice[]>;
  /** Answers with these words among the newest responses, newest first, ten at most. */
  search(words: string, reader: Reader): Promise<Voice[]>;
}

const OF_ONE = 10;
const FOUND = 10;
const BATCH = 500;
/** How far back a search looks: its cost does not grow with what has been answered over the years. */
const BATCHES = 4;

export function createVoices({ storage: { read }, questionnaires, customers }: VoicesDeps): Voices {
  async function voicesOf(response: Response, answers: Map<string, StoredAnswer>, reader: Reader, name?: string) {
    const version = await questionnaires.version(response.versionId);
    if (!version) return [];
    const { definition } = version;
    const day = formatDay(
      dayIn(reader.timeZone, new Date(response.submittedAt ?? response.startedAt)),
      reader.language,
    );
    return pagesFor(definition, valuesOf(answers)).flatMap((page): Voice[] => {
      const answer = answers.get(pageKey(page));
      const text = ownWords(answer?.value);
      if (!answer || !text) return [];
      const question = questionText(page, reader.language, definition);
      const about = [name, question, day].filter(Boolean).join(' · ');
      return [{ href: `/responses/${response.id}`, text, language: answer.language, question, about }];
    });
  }

  async function withAnswers(responses: Response[]) {
    const ids = responses.map(({ id }) => id);
    const answers = await lists.answersOfSome(read, ids);
    return responses.map((response) => ({
      response,
      answers: answers.get(response.id) ?? new Map<string, StoredAnswer>(),
    }));
  }

  /** With the names of those who said it. */
  async function namedVoices(ids: string[], reader: Reader): Promise<Voice[]> {
    const responses = await withAnswers(await lists.completeAmong(read, ids));
    const names = await customers.names(read, [...new Set(responses.map(({ response }) => response.customerId))]);
    const voices = responses.map(({ response, answers }) =>
      voicesOf(response, answers, reader, names.get(response.customerId)?.name),
    );
    return (await Promise.all(voices)).flat();
  }

  return {
    async ofCustomer(customerId, reader) {
      const found = await withAnswers(await lists.newestComplete(read, customerId, OF_ONE));
      const voices = await Promise.all(found.map(({ response, answers }) => voicesOf(response, answers, reader)));
      return voices.flat();
    },
    async ofResponses(ids, reader) {
      const found = ids.length === 0 ? [] : await withAnswers(await lists.completeAmong(read, ids));
      return (await Promise.all(found.map(({ response, answers }) => voicesOf(response, answers, reader)))).flat();
    },
    async search(words, reader) {
      const wanted = words.trim().toLocaleLowerCase(reader.language);
      const fits = (text: string) => text.toLocaleLowerCase(reader.language).includes(wanted);
      const found: Voice[] = [];
      let before: lists.Written | null = null;
      for (let batch = 0; batch < BATCHES && wanted !== ''; batch++) {
        const newest: lists.Written[] = await lists.newestWritten(read, before, BATCH);
        const ids = newest.filter(({ words: written }) => written.some(fits)).map(({ id }) => id);
        for (let first = 0; first < ids.length; first += FOUND) {
          const voices = await namedVoices(ids.slice(first, first + FOUND), reader);
          found.push(...voices.filter(({ text }) => fits(text)));
          if (found.length >= FOUND) return found.slice(0, FOUND);
        }
        before = newest.at(-1) ?? null;
        if (newest.length < BATCH) break;
      }
      return found;
    },
  };
}

/** In their own words is also what they wrote beside "other" in a list. */
function ownWords(value: AnswerValue | undefined): string | undefined {
  if (value?.kind === 'reasons') return value.other;
  return value?.kind === 'open' ? value.text : undefined;
}
