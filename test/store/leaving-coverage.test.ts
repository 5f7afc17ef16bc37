import { expect, test } from '@jest/globals';
import { seeded, shuffled } from '../../src/coding/engine/random.ts';
import { madeUpPeople } from '../support/audited-population.ts';
import { testClock } from '../support/clock.ts';
import { startAnswering, startServices } from '../support/coding.ts';
import { onBothEngines } from '../support/engines.ts';
import { believe, othersLike } from '../support/leavers.ts';

const KEYS = ['price', 'quality', 'competitor', 'moved', 'unknown'];
const SHARES = [0.4, 0.25, 0.17, 0.1, 0.08];
const PEOPLE = 400;
const AUDITED = 100;
const DRAWS = 200;

onBothEngines(({ engine, storage }) => {
  // What is asked of the database is the same on both; the other tests of the report see to that.
  const draws = engine === 'sqlite' ? DRAWS : 3;

  test('of the intervals on the page about 95 in 100 hold the truth, of shares and of money', async () => {
    const clock = testClock();
    const services = await startServices(storage(), clock);
    const leaving = await startAnswering(storage(), services, clock);
    const book = await services.coding.codebook(leaving.programmeId);
    const codes = KEYS.map((key) => book!.codes.find((code) => code.key === key)!.id);
    const people = madeUpPeople(PEOPLE, SHARES, 23);
    const mainOf = (i: number) => codes[people[i]!.labels.indexOf(1)]!;
    const left = await othersLike(storage(), clock, await leaving.answer({ words: 'Words.' }), PEOPLE, (i) => ({
      worthMinor: people[i]!.amount,
    }));
    await storage().transaction(async (tx) => {
      await services.reports.refreshLeavers(
        tx,
        left.map(({ customerId }) => customerId),
      );
      await believe(
        tx,
        left.map(({ responseId }) => responseId),
        (i) => Object.fromEntries(codes.map((code, k) => [code, people[i]!.predictions[k]!])),
      );
    });
    const known = people.filter(({ labels }) => labels.at(-1) === 0);
    const total = (of: (i: number) => number) => people.reduce((sum, _, i) => sum + of(i), 0);
    const truths = codes.slice(0, -1).map((code, k) => ({
      code,
      share: known.filter(({ labels }) => labels[k] === 1).length / known.length,
      minor: total((i) => (mainOf(i) === code ? people[i]!.amount : 0)),
    }));

    const random = seeded(7);
    const held = { shares: 0, money: 0 };
    for (let draw = 0; draw < draws; draw++) {
      const chosen = [...shuffled(PEOPLE, random).subarray(0, AUDITED)];
      await storage().transaction(async (tx) => {
        await tx.updateTable('coding_task').set({ inclusion: null, state: 'open', blind: 0 }).execute();
        const unsaid = { knowledge: 'not_coded', main_code_id: null, main_source: null } as const;
        await tx.updateTable('leaver').set(unsaid).execute();
        for (const [k, code] of codes.entries()) {
          const some = chosen.filter((i) => mainOf(i) === code);
          const ids = some.map((i) => left[i]!.responseId);
          if (ids.length === 0) continue;
          const knowledge = KEYS[k] === 'unknown' ? 'does_not_know' : 'known';
          const said = { knowledge, main_code_id: code, main_source: 'colleague' } as const;
          await tx.updateTable('leaver').set(said).where('response_id', 'in', ids).execute();
          const checked = { inclusion: AUDITED / PEOPLE, state: 'coded', blind: 1 } as const;
          await tx.updateTable('coding_task').set(checked).where('response_id', 'in', ids).execute();
        }
      });
      const { basis, audit, reasons } = await services.reports.leaving({ period: 'all' });
      expect([basis, audit?.audited, audit?.read]).toEqual(['estimated', AUDITED, PEOPLE]);
      for (const { code, share, minor } of truths) {
        const { coded, lost } = reasons.find(({ codeId }) => codeId === code)!;
        held.shares += Number(coded.low! <= share && share <= coded.high!) / draws / truths.length;
        held.money += Number(lost!.lowMinor <= minor && minor <= lost!.highMinor) / draws / truths.length;
      }
    }
    if (draws < DRAWS) return;
    expect(held.shares).toBeGreaterThan(0.93);
    expect(held.shares).toBeLessThan(0.97);
    expect(held.money).toBeGreaterThan(0.93);
    expect(held.money).toBeLessThan(0.97);
  });
});
