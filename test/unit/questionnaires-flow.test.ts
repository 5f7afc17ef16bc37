import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Answers, AnswerValue } from '../../src/questionnaires/answers.ts';
import type { Definition } from '../../src/questionnaires/definition.ts';
import {
  firstUnanswered,
  nextPage,
  pageAt,
  pageKey,
  pagesFor,
  previousPage,
  questionNumber,
  standingAnswers,
} from '../../src/questionnaires/flow.ts';
import type { PageRef } from '../../src/questionnaires/flow.ts';
import { everything, given, page, starter } from './questionnaires-support.ts';

const keys = (definition: Definition, answers: Answers) => pagesFor(definition, answers).map(pageKey);
const open = (text: string): AnswerValue => ({ kind: 'open', text });
const ticked = (...reasons: string[]): AnswerValue => ({ kind: 'reasons', ticked: reasons });
const scale = (value: number): AnswerValue => ({ kind: 'scale', value });
const skipped: AnswerValue = { kind: 'skipped' };

const value: fc.Arbitrary<AnswerValue> = fc.oneof(
  fc.string({ maxLength: 80 }).map((text) => open(text || 'x')),
  fc
    .uniqueArray(fc.constantFrom('price', 'quality', 'moved', 'other', 'prefer_not_to_say', 'gone'), { minLength: 1 })
    .map((all) => ticked(...all)),
  fc.constantFrom('price', 'quality', 'other', 'cant_say').map((code): AnswerValue => ({ kind: 'most', code })),
  fc.integer({ min: -1, max: 11 }).map(scale),
  fc.constantFrom('yes' as const, 'no' as const).map((yes): AnswerValue => ({ kind: 'yesno', value: yes })),
  fc.constant(skipped),
);
const pageNames = everything.questions.flatMap(({ key }) => [key, `${key}.probe`, `${key}.most`]);
const anyAnswers = fc.dictionary(fc.constantFrom(...pageNames), value).map((found) => new Map(Object.entries(found)));

/** A sensible answer to a page, by the draw. */
function answerTo({ question, part }: PageRef, draw: number): AnswerValue {
  if (draw % 5 === 0) return skipped;
  if (part === 'probe') return open('Because');
  if (part === 'most') return { kind: 'most', code: 'cant_say' };
  if (question.kind === 'reasons') return draw % 2 ? ticked('price', 'moved') : ticked('quality');
  if (question.kind === 'scale') return scale(draw % 11);
  if (question.kind === 'yesno') return { kind: 'yesno', value: draw % 2 ? 'yes' : 'no' };
  return open(draw % 2 ? 'Short' : 'Long enough that nobody would want to ask any further about it.');
}

describe('which pages there are', () => {
  test('at first: no probe, nothing that depends on an answer', () => {
    expect(keys(everything, given({}))).toEqual(['happened', 'reasons', 'recommend', 'return']);
  });

  test.each([
    ['a short answer', open('Too dear.'), true],
    ['59 characters', open('a'.repeat(59)), true],
    ['60 characters', open('a'.repeat(60)), false],
    ['30 family emoji, which are 30 characters', open('👨‍👩‍👧‍👦'.repeat(30)), true],
    ['19 Japanese characters', open('店'.repeat(19)), true],
    ['20 Japanese characters', open('店'.repeat(20)), false],
    ['20 Korean characters', open('가'.repeat(20)), false],
    ['an answer with one Japanese name in it', open('We went over to 花屋 instead, it is nearer'), true],
    ['no answer', skipped, false],
  ])('the probe after %s', (_, answer, expected) => {
    expect(keys(everything, given({ happened: answer })).includes('happened.probe')).toBe(expected);
  });

  test.each([
    [ticked('price', 'moved'), true],
    [ticked('price', 'other'), true],
    [ticked('price'), false],
    [ticked('prefer_not_to_say'), false],
    [skipped, false],
  ])('"which mattered most" after %j', (answer, expected) => {
    expect(keys(everything, given({ reasons: answer })).includes('reasons.most')).toBe(expected);
  });

  test('after a number its why, and what depends on it', () => {
    const after = (value: number) => keys(everything, given({ recommend: scale(value) })).slice(2);
    expect(after(2)).toEqual(['recommend', 'recommend.probe', 'return', 'low']);
    expect(after(7)).toEqual(['recommend', 'recommend.probe', 'again', 'return']);
    expect(after(10)).toEqual(['recommend', 'recommend.probe', 'again', 'return', 'ten']);
  });

  test('an answer left from a question that is not shown any more decides nothing', () => {
    const answers = given({ recommend: scale(2), again: { kind: 'yesno', value: 'no' } });
    expect(keys(everything, answers)).toContain('return');
    expect([...standingAnswers(everything, answers).keys()]).toEqual(['recommend']);
  });

  test('a reason no longer ticked cannot have mattered most: it is asked again', () => {
    const answers = given({
      happened: skipped,
      reasons: ticked('price', 'moved'),
      'reasons.most': { kind: 'most', code: 'quality' },
    });
    expect(pageKey(firstUnanswered(everything, answers)!)).toBe('reasons.most');
  });
});

describe('the way through', () => {
  test('never repeats a page and asks all that are left, whatever has been answered', () => {
    fc.assert(
      fc.property(anyAnswers, (answers) => {
        const all = keys(everything, answers);
        expect(new Set(all).size).toBe(all.length);
        const forward: string[] = [];
        for (let at = all[0]; at !== undefined;) {
          forward.push(at);
          const next = nextPage(everything, answers, at);
          at = next ? pageKey(next) : undefined;
        }
        expect(forward).toEqual(all);
        const back = all.map((key) => previousPage(everything, answers, key)).map((found) => found && pageKey(found));
        expect(back).toEqual([null, ...all.slice(0, -1)]);
      }),
    );
  });

  test('answering the first unanswered page again and again ends with every page answered', () => {
    fc.assert(
      fc.property(anyAnswers, fc.array(fc.nat(109), { minLength: 40, maxLength: 40 }), (before, draws) => {
        const answers = new Map(before);
        const visited: string[] = [];
        for (const draw of draws) {
          const next = firstUnanswered(everything, answers);
          if (!next) break;
          visited.push(pageKey(next));
          answers.set(pageKey(next), answerTo(next, draw));
        }
        expect(new Set(visited).size).toBe(visited.length);
        expect(firstUnanswered(everything, answers)).toBeNull();
        expect([...standingAnswers(everything, answers).keys()]).toEqual(keys(everything, answers));
      }),
    );
  });

  test('the first unanswered page is the same on every look and on every device', () => {
    fc.assert(
      fc.property(anyAnswers, (answers) => {
        const otherOrder = new Map([...answers].reverse());
        expect(firstUnanswered(everything, otherOrder)).toEqual(firstUnanswered(everything, answers));
        expect(firstUnanswered(everything, standingAnswers(everything, answers))).toEqual(
          firstUnanswered(everything, answers),
        );
      }),
    );
  });

  test('goes on from a page that an answer has taken away', () => {
    const answers = given({
      happened: open('A long answer to which nobody needs to ask anything further, thank you.'),
    });
    expect(pageAt(everything, answers, 'happened.probe')).toBeNull();
    expect(pageKey(nextPage(everything, answers, 'happened.probe')!)).toBe('reasons');
    expect(pageKey(previousPage(everything, answers, 'happened.probe')!)).toBe('happened');
  });

  test('from an unknown page leads to the first', () => {
    expect(pageKey(nextPage(everything, given({}), '__proto__')!)).toBe('happened');
    expect(previousPage(everything, given({}), 'constructor')).toBeNull();
  });

  test('counts questions: a probe and "which mattered most" belong to theirs', () => {
    const leaving = starter('leaving');
    const answers = given({ happened: open('Price'), reasons: ticked('price', 'moved') });
    expect(pagesFor(leaving, answers).map((each) => questionNumber(leaving, answers, each))).toEqual(
      [1, 1, 2, 2, 3, 4].map((number) => ({ number, of: 4 })),
    );
  });

  test('whoever skips the open question meets the list all the same', () => {
    expect(pageKey(firstUnanswered(everything, given({ happened: skipped }))!)).toBe(pageKey(page('reasons')));
  });
});
