import { OTHER, PREFER_NOT_TO_SAY, reasonChoices } from '../questionnaires/index.ts';
import type { Definition, Question, ReasonsQuestion, ScaleQuestion } from '../questionnaires/index.ts';
import { textIn } from '../responses/index.ts';
import type { Translate } from '../i18n/index.ts';
import { layOut } from './layout-rules.ts';
import type { Letter } from './letter.ts';

/** A question with room for a pen. */
export interface PrintQuestion {
  number: number;
  text: string;
  hint: string;
  /** When it is to be answered, where not always. */
  when: string;
  /** Ruled lines to write on. */
  lines: number;
  /** `most`: with a circle behind it. */
  boxes: { text: string; other: boolean; most: boolean }[];
  /** To be marked behind the reason that mattered most; empty elsewhere. */
  most: string;
  mostHint: string;
  scale: { values: string[]; min: string; max: string } | null;
  /** What is asked after the number. */
  why: string;
}

/** At least; the layout adds what the page has room for. */
const LINES = 4;

/** All questions of a version in the letter's language, page by page; a list of reasons in the order of its web page. */
export function printQuestions(definition: Definition, letter: Letter, t: Translate): PrintQuestion[][] {
  return layOut(definition.questions.map((question, i) => printQuestion(question, i + 1, { definition, letter, t })));
}

interface Printing {
  definition: Definition;
  letter: Letter;
  t: Translate;
}

function printQuestion(question: Question, number: number, printing: Printing): PrintQuestion {
  const { definition, t } = printing;
  const say = (texts: Record<string, string> | undefined) =>
    texts ? textIn(texts, printing.letter.language, definition) : '';
  const plain: PrintQuestion = {
    number,
    text: say(question.text),
    hint: question.kind === 'open' ? '' : say(question.hint),
    when: question.condition ? t('post.letter.ifApplies') : '',
    lines: 0,
    boxes: [],
    most: '',
    mostHint: '',
    scale: null,
    why: '',
  };
  switch (question.kind) {
    case 'open':
      return { ...plain, lines: LINES };
    case 'reasons':
      return { ...plain, ...reasonsOf(question, printing, say) };
    case 'scale':
      return { ...plain, ...scaleOf(question, say) };
    case 'yesno':
      return {
        ...plain,
        boxes: ['yes', 'no'].map((answer) => ({
          text: t(`responses.${answer}`),
          other: false,
          most: false,
        })),
      };
  }
}

type Say = (texts: Record<string, string> | undefined) => string;

function reasonsOf(question: ReasonsQuestion, { letter, t }: Printing, say: Say): Partial<PrintQuestion> {
  const choices = reasonChoices(question, letter.invitation.id);
  return {
    boxes: choices.map(({ key, text }) => ({
      text: say(text),
      other: key === OTHER,
      most: key !== PREFER_NOT_TO_SAY,
    })),
    most: say(question.most.text),
    mostHint: t('post.letter.most'),
  };
}

function scaleOf({ min, max, minLabel, maxLabel, probe }: ScaleQuestion, say: Say): Partial<PrintQuestion> {
  const values = Array.from({ length: max - min + 1 }, (_, i) => String(min + i));
  return {
    scale: { values, min: say(minLabel), max: say(maxLabel) },
    why: say(probe?.text),
    lines: probe ? LINES : 0,
  };
}
