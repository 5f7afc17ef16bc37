import type { App } from '../../src/app.ts';
import type { CustomerRow } from '../../src/customers/index.ts';
import { COMMAND } from '../../src/shared/actor.ts';
import type { TestApp } from './app.ts';
import { leavers, newWave, readyToSend } from './waves.ts';

export const POSTAL = { street: 'Am Markt 3', postalCode: '24103', city: 'Kiel', country: 'DE' };

/** A wave that has been sent to those who have an address; `people` are the customers beside them. */
export async function sentWave(app: TestApp, people: CustomerRow[], name = 'Leaving, autumn'): Promise<string> {
  const ready = app.app as App & { ready?: Awaited<ReturnType<typeof readyToSend>> };
  ready.ready ??= await readyToSend(app.app);
  await app.app.customers.upsertMany(COMMAND, people);
  const references = people.map(({ reference }) => reference);
  const waveId = await newWave(app.app, ready.ready, { name, audience: { references } });
  await app.app.invitations.startWave(COMMAND, waveId, { holdMinutes: 0 });
  await app.app.runDue();
  return waveId;
}

/** Customers with a postal address, but no e-mail. */
export const onPaper = (count: number, from: number, more: Partial<CustomerRow> = {}): CustomerRow[] =>
  leavers(count, () => ({ email: '', language: 'de', title: 'Frau', ...POSTAL, ...more }), from);

/** The codes on the letters of a part, in order. */
export function codesOn(html: string): string[] {
  return [...html.matchAll(/class="online"[\s\S]*?class="code">([^<]+)</g)].map(([, code = '']) => code);
}
