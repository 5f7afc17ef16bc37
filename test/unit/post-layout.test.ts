import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { heightOf, layOut, needsBlank, type Block } from '../../src/post/layout-rules.ts';

const blocks = fc.array(
  fc.record({
    text: fc.string({ maxLength: 200 }),
    when: fc.constantFrom('', 'Only if this applies to you.'),
    hint: fc.string({ maxLength: 240 }),
    lines: fc.constantFrom(0, 4),
    boxes: fc.array(fc.record({ text: fc.string({ minLength: 1, maxLength: 100 }) }), { maxLength: 17 }),
    most: fc.string({ maxLength: 200 }),
    mostHint: fc.string({ maxLength: 60 }),
    scale: fc.constantFrom(null, {}),
    why: fc.string({ maxLength: 200 }),
  }),
  { minLength: 1, maxLength: 12 },
);
const [FIRST, PAGE, END] = [245, 256, 27];
const sum = (page: Block[]) => page.reduce((total, block) => total + heightOf(block), 0);

test('every question stands once, in its order, with at least the lines that it needs', () => {
  fc.assert(
    fc.property(blocks, (all) => {
      const laid = layOut(all).flat();
      expect(laid.map(({ text }) => text)).toEqual(all.map(({ text }) => text));
      laid.forEach(({ lines }, i) => expect(lines).toBeGreaterThanOrEqual(all[i]?.lines ?? 0));
    }),
  );
});

test('no page holds more than it has room for, unless one question alone is higher', () => {
  fc.assert(
    fc.property(blocks, (all) => {
      const pages = layOut(all);
      pages.forEach((page, i) => {
        const room = (i === 0 ? FIRST : PAGE) - (i === pages.length - 1 ? END : 0);
        if (page.length > 1) expect(sum(page)).toBeLessThanOrEqual(room + 1e-9);
      });
    }),
  );
});

test('a letter of an odd number of pages gets an empty one', () => {
  expect([1, 2, 3, 4].map(needsBlank)).toEqual([true, false, true, false]);
});
