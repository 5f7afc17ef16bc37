import { expect, test } from '@jest/globals';
import type { SqliteStorage } from '../../src/storage/sqlite.ts';
import { startApp } from '../support/app.ts';
import { startAnswering } from '../support/coding.ts';
import { onBothEngines } from '../support/engines.ts';
import { listenToQueries, scansOf } from '../support/plans.ts';

const SAID = ['We switched to Bluewave', 'A wet dog', 'The parking meter', 'Too many stairs'];

onBothEngines((on) => {
  test('themes, competitors and keywords read no whole table that grows', async () => {
    const heard = listenToQueries();
    const running = await startApp(on.storage());
    const leaving = await startAnswering(on.storage(), running.app, running.clock);
    const boss = await running.signIn('manager');
    const { coding } = running.app;
    for (let i = 0; i < 32; i++) {
      running.clock.advance({ minutes: 1 });
      const { responseId } = await leaving.answer({ words: `${SAID[i % 4]} ${i}` });
      await coding.codeResponse({ kind: 'command', id: null }, { responseId, codes: ['other'], main: 'other' });
    }
    await coding.themes.want(leaving.programmeId);
    await coding.discoveries.work();
    const { fresh } = await coding.themes.all(leaving.programmeId);
    const places = { confirmed: null, open: null, aside: null };
    const open = (await coding.competitors.lists(leaving.programmeId, places)).open.rows;
    expect([fresh.length > 0, open.length]).toEqual([true, 1]);
    const list = '/codebook/leaving';
    const pages = [
      list,
      '/answers/leaving',
      `${list}/themes`,
      `${list}/themes/${fresh[0]?.id}`,
      `${list}/add?theme=${fresh[0]?.id}`,
    ];
    for (const page of [...pages, `${list}/competitors`, `${list}/competitors/${open[0]?.id}`, `${list}/codes/price`])
      expect([page, (await boss.get(page)).status]).toEqual([page, 200]);
    const [theme = '', name = ''] = [fresh[0]?.id, open[0]?.id];
    await boss.get(list);
    const done = [
      await boss.post(`${list}/competitors/${name}`, { do: 'yes' }),
      await boss.post(`${list}/themes/${theme}`, { do: 'same', [`same-${theme}`]: 'price' }),
      await boss.post(`${list}/themes/${theme}`, { do: 'back' }),
      await boss.post(`${list}/themes/look`),
    ];
    expect(done.map(({ status }) => status)).toEqual([303, 303, 303, 303]);
    await coding.competitorsNamed({ from: '2026-01-01T00:00:00.000Z', before: '2027-01-01T00:00:00.000Z' });
    await running.close();
    if (on.engine === 'sqlite') {
      const { writer } = on.storage() as SqliteStorage;
      const asked = [...heard].filter((query) =>
        /theme|competitor|code_keyword|coding_task|engine_opinion/.test(query),
      );
      expect(asked.flatMap((query) => scansOf(writer, query).map((step) => ({ step, query })))).toEqual([]);
      expect(asked.length).toBeGreaterThan(15);
    }
  });
});
