import { rmSync } from 'node:fs';
import type { Storage } from '../../src/storage/index.ts';
import { startApp, type Person, type TestApp } from './app.ts';
import { smallCodebooks } from './codebooks.ts';
import { startAnswering, type Answered, type Answering } from './coding.ts';

/** The app with small codebooks, a wave of leavers who answer, a colleague who codes and a manager. */
export interface Desk {
  running: TestApp;
  leaving: Answering;
  anna: Person;
  boss: Person;
  /** Somebody answers a minute later. */
  arrive(words: string, language?: string): Promise<Answered>;
  close(): Promise<void>;
}

export async function startDesk(storage: Storage): Promise<Desk> {
  const codebooks = smallCodebooks();
  const running = await startApp(storage, { codebooks });
  const leaving = await startAnswering(storage, running.app, running.clock);
  return {
    running,
    leaving,
    anna: await running.signIn('staff', 'Anna Berg'),
    boss: await running.signIn('manager', 'Carla Dahl'),
    async arrive(words, language = 'en') {
      running.clock.advance({ minutes: 1 });
      return await leaving.answer({ words, language });
    },
    async close() {
      await running.close();
      rmSync(codebooks, { recursive: true });
    },
  };
}
