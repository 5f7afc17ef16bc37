import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.ts';
import { startAnswering, type Answering } from '../support/coding.ts';
import { onBothEngines } from '../support/engines.ts';
import { forgetWaves, newWave, readyToSend } from '../support/waves.ts';

/** "4 questions, about 3 minutes": an estimate, until those who answered have shown how long it takes. */
onBothEngines((on) => {
  let running: TestApp;
  let ready: { senderId: string; questionnaireId: string };
  let leaving: Answering;

  beforeAll(async () => {
    running = await startApp(on.storage());
    ready = await readyToSend(running.app);
    leaving = await startAnswering(on.storage(), running.app, running.clock);
  });
  afterAll(() => running.close());
  afterEach(() => forgetWaves(on.storage()));

  async function answers(many: number, minutes: number, mode: 'email' | 'paper' = 'email'): Promise<void> {
    for (let i = 0; i < many; i++) {
      const { responseId } = await leaving.answer({ words: 'Too dear.' });
      const started_at = new Date(running.clock.now().getTime() - minutes * 60_000).toISOString();
      await on
        .storage()
        .transaction((tx) =>
          tx.updateTable('response').set({ started_at, mode }).where('id', '=', responseId).execute(),
        );
    }
    running.clock.advance({ minutes: 11 });
  }
  async function promised(): Promise<string> {
    const wave = await running.app.invitations.getWave(await newWave(running.app, ready));
    const letter = await running.app.invitations.sampleLetter(wave, 'en', null);
    return /\d+ minutes/.exec(letter?.before.join(' ') ?? '')?.[0] ?? '';
  }

  test('the letter says how long it took most of those who answered, once they are enough', async () => {
    const estimate = await promised();
    const { draft } = await running.app.questionnaires.get(ready.questionnaireId);
    expect(estimate).toBe(`${draft.minutes} minutes`);
    // Nineteen are too few; whoever came back the next day, and what came on paper, says nothing.
    await answers(19, 6);
    await answers(5, 60 * 24);
    await answers(5, 1, 'paper');
    expect(await promised()).toBe(estimate);
    // From the first answer saved to the end: six minutes for three of the four questions.
    await answers(1, 6);
    expect(draft.questions.filter(({ condition }) => !condition)).toHaveLength(4);
    expect(await promised()).toBe('8 minutes');
  });
});
