import type { Definition } from './definition.ts';
import { twoThings } from './lint-pairs.ts';
import { lintRulesOf } from './lint-rules.ts';
import type { LintRules } from './lint-rules.ts';
import type { QuestionKind } from './question.ts';
import { hasText } from './text-slots.ts';

type LintRule = 'leading' | 'double-barrelled' | 'closed' | 'long' | 'jargon';

/** What may be wrong with a question's wording. It advises and never forbids. */
interface Finding {
  rule: LintRule;
  messageKey: `lint.${LintRule}`;
  /** The words that gave rise to it; for 'long' their number. */
  words: string;
}

/** A finding in a questionnaire: where, and in which language. */
export interface PlacedFinding extends Finding {
  path: string;
  language: string;
}

const MOST_WORDS = 25;
const MOST_GRAPHEMES_UNSPACED = 60;

/**
 * Looks over one question, as it is asked. The rules know English, German, Dutch and Norwegian; in other languages
 * only the length and two questions in one are seen.
 */
export function lint(text: string, language: string, kind: QuestionKind): Finding[] {
  const sentences = sentencesOf(text);
  const rules = lintRulesOf(language);
  const findings = [
    rules && found('leading', sentences, rules.leading),
    twoQuestions(sentences) ?? (rules && doubleBarrelled(sentences, rules)),
    rules && kind === 'open' ? closed(sentences, rules) : undefined,
    long(text),
    rules && found('jargon', sentences, [rules.jargon]),
  ];
  return findings.filter((finding) => finding !== undefined);
}

/** Looks over every question, probe and "which mattered most" in all languages of the questionnaire. */
export function lintDefinition(definition: Definition): PlacedFinding[] {
  return asked(definition).flatMap(({ path, texts, kind }) =>
    definition.languages
      .filter((language) => hasText(texts, language))
      .flatMap((language) =>
        lint(texts[language] ?? '', language, kind).map((finding) => ({ ...finding, path, language })),
      ),
  );
}

function asked(definition: Definition) {
  return definition.questions.flatMap((question) => {
    const path = `questions.${question.key}`;
    const main = { path: `${path}.text`, texts: question.text, kind: question.kind };
    if (question.kind === 'reasons') {
      return [main, { path: `${path}.most.text`, texts: question.most.text, kind: question.kind }];
    }
    if (question.kind === 'yesno' || !question.probe) return [main];
    return [main, { path: `${path}.probe.text`, texts: question.probe.text, kind: 'open' as const }];
  });
}

const sentencesOf = (text: string): string[] =>
  text
    .split(/(?<=[.!?？。！])\s*/u)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');

const isQuestion = (sentence: string): boolean => /[?？]$/u.test(sentence);

function found(rule: LintRule, sentences: string[], patterns: RegExp[]): Finding | undefined {
  for (const sentence of sentences) {
    for (const pattern of patterns) {
      const words = pattern.exec(sentence)?.[0];
      if (words) return finding(rule, words);
    }
  }
  return undefined;
}

function twoQuestions(sentences: string[]): Finding | undefined {
  const questions = sentences.filter(isQuestion);
  return questions.length > 1 ? finding('double-barrelled', questions.join(' ')) : undefined;
}

function doubleBarrelled(sentences: string[], rules: LintRules): Finding | undefined {
  const known = found('double-barrelled', sentences, rules.doubleBarrelled);
  const [pair] = sentences.flatMap((sentence) => twoThings(sentence, rules.pairs) ?? []);
  return known ?? (pair === undefined ? undefined : finding('double-barrelled', pair));
}

function closed(sentences: string[], rules: LintRules): Finding | undefined {
  const questions = sentences.filter((sentence) => isQuestion(sentence) && !rules.invites.test(sentence));
  return found('closed', questions, rules.closed);
}

function long(text: string): Finding | undefined {
  const words = text.trim().split(/\s+/u).length;
  const unspaced = words < 4 && text.length > MOST_GRAPHEMES_UNSPACED;
  return words > MOST_WORDS || unspaced ? finding('long', String(unspaced ? text.length : words)) : undefined;
}

const finding = (rule: LintRule, words: string): Finding => ({
  rule,
  messageKey: `lint.${rule}`,
  words: words.trim().slice(0, 120),
});
