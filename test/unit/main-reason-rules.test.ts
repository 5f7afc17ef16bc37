import { expect, test } from '@jest/globals';
import { mainReasonOf } from '../../src/coding/rules.ts';

const given = (coderKind: 'colleague' | 'respondent', codeId: string, isMain: boolean) => ({
  coderKind,
  codeId,
  isMain,
});
const TICKED = given('respondent', 'ticked', true);

test('the engine speaks where nobody has coded the words', () => {
  expect(mainReasonOf([TICKED], true, 'told')).toEqual({ codeId: 'told', source: 'engine', statedCodeId: 'ticked' });
  expect(mainReasonOf([], true, 'told')).toEqual({ codeId: 'told', source: 'engine', statedCodeId: null });
});

test('a colleague who found no main reason silences it too, as does one who found one', () => {
  const without = [given('colleague', 'price', false), given('colleague', 'quality', false), TICKED];
  expect(mainReasonOf(without, true, 'told')).toEqual({ codeId: null, source: null, statedCodeId: 'ticked' });
  const found = [given('colleague', 'price', true), given('colleague', 'quality', false)];
  expect(mainReasonOf(found, true, 'told')).toEqual({ codeId: 'price', source: 'colleague', statedCodeId: null });
});

test('a tick counts only where there are no words, and the engine has nothing to read there', () => {
  expect(mainReasonOf([TICKED], false, 'told')).toEqual({
    codeId: 'ticked',
    source: 'respondent',
    statedCodeId: 'ticked',
  });
  expect(mainReasonOf([TICKED], true, null)).toEqual({ codeId: null, source: null, statedCodeId: 'ticked' });
});
