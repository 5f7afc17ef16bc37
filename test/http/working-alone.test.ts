import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ALONE, createLeases } from '../../src/scheduler/index.ts';
import { COMMAND } from '../../src/shared/actor.ts';
import { Conflict } from '../../src/shared/errors.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { leavers, newWave, readyToSend } from '../support/waves.ts';

onBothEngines((on) => {
  let running: TestApp;
  beforeAll(async () => {
    running = await startApp(on.storage());
  });
  afterAll(() => running.close());

  test('while another process loads the sample company, nothing goes on in the background, and it is not loaded twice', async () => {
    const { app, clock } = running;
    const another = await createLeases({ storage: on.storage(), clock }).take(ALONE);
    await expect(app.demo.loadSample(COMMAND)).rejects.toThrow(Conflict);

    await app.customers.upsertMany(COMMAND, leavers(3));
    const id = await newWave(app, await readyToSend(app));
    await app.invitations.startWave(COMMAND, id, { holdMinutes: 0 });
    const state = async () => (await app.invitations.getWave(id)).state;
    app.invitations.start();
    await pause(200);
    expect(await state()).toBe('starting');

    await another?.end();
    while ((await state()) === 'starting') await pause(50);
    await app.invitations.stop();
    const written = await on.storage().read.selectFrom('invitation').select('id').where('wave_id', '=', id).execute();
    expect(written).toHaveLength(3);
  });
});
