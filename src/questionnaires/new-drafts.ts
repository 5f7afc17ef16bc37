import type { Definition, Question, QuestionKind, Texts } from './definition.ts';

const STEMS: Record<QuestionKind, string> = { open: 'words', reasons: 'reasons', scale: 'scale', yesno: 'yesno' };

/** A question to begin with. Its key was never used before, so that no earlier answers are taken for its own. */
export function newQuestion(kind: QuestionKind, usedKeys: ReadonlySet<string>): Question {
  const base = { key: freeKey(STEMS[kind], usedKeys), text: {}, required: false };
  switch (kind) {
    case 'open':
      return { ...base, kind, coded: true };
    case 'reasons':
      return { ...base, kind, options: [], shuffle: true, most: { text: {}, cantSay: {} } };
    case 'scale':
      return { ...base, kind, coded: false, min: 0, max: 10, minLabel: {}, maxLabel: {} };
    case 'yesno':
      return { ...base, kind };
  }
}

/** A questionnaire without questions. Its invitation and reminders are borrowed where there are some to begin with. */
export function emptyDraft(key: string, programme: string, languages: string[], like?: Definition): Definition {
  const mail = like?.mail ?? { subject: {}, preheader: {}, body: {}, button: {}, after: {} };
  const title: Texts = {};
  const letters = structuredClone({ mail, ...(like?.reminders ? { reminders: like.reminders } : {}) });
  return { key, programme, languages, title, ...letters, minutes: like?.minutes ?? 3, questions: [] };
}

function freeKey(stem: string, used: ReadonlySet<string>): string {
  for (let number = 1; ; number++) {
    const key = number === 1 ? stem : `${stem}${number}`;
    if (!used.has(key)) return key;
  }
}

const LETTERS: Record<string, string> = { ß: 'ss', æ: 'ae', ø: 'o', å: 'a', ä: 'ae', ö: 'oe', ü: 'ue' };
const LONGEST_KEY = 32;

/** A key made of a name: 'Händler & Partner' becomes 'haendler_partner', with a number where that is taken. */
export function keyFromName(name: string, used: ReadonlySet<string>): string {
  const plain = [...name.toLowerCase()].map((letter) => LETTERS[letter] ?? letter).join('');
  const ascii = plain
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '_');
  const stem = ascii
    .replace(/^[^a-z]+/, '')
    .slice(0, LONGEST_KEY)
    .replace(/_+$/, '');
  return freeKey(stem === '' ? 'programme' : stem, used);
}
