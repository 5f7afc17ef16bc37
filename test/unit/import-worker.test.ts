import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, test } from '@jest/globals';
import type { CheckedRow } from '../../src/customers/import/check-table.ts';
import { readInWorker, type ReadJob } from '../../src/customers/import/read-in-worker.ts';

// Files are long and machines may be busy.
const context = { currency: 'EUR', locale: 'de', today: '2026-11-21', decimal: null };

function job(content: string | Uint8Array, more: Partial<ReadJob<'customers'>> = {}): ReadJob<'customers'> {
  return { bytes: Buffer.from(content), filename: 'kunden.csv', kind: 'customers', context, ...more };
}

async function allRows(read: Awaited<ReturnType<typeof readInWorker>>): Promise<CheckedRow[]> {
  const rows: CheckedRow[] = [];
  for await (const batch of read.batches) rows.push(...batch);
  return rows;
}

/** Threads are numbered as they start. */
async function threadsSoFar(): Promise<number> {
  const probe = new Worker('', { eval: true });
  const { threadId } = probe;
  await once(probe, 'exit');
  return threadId;
}

const worked = ({ user, system }: NodeJS.CpuUsage): number => user + system;

describe('Reading in a thread of its own', () => {
  test('says what the file is, then sends its rows checked by what the whole file tells', async () => {
    const read = await readInWorker(job('Kundennummer;Umsatz;Fax\nK-1;1.480;1\nK-2;310,00 €;2\nK-3;12.5;3\n'));
    expect(read.summary).toEqual({
      facts: { format: 'csv', encoding: 'UTF-8', separator: ';', header: ['Kundennummer', 'Umsatz', 'Fax'] },
      recognition: { mapping: { reference: 0, yearlyValue: 1 }, unused: ['Fax'], missing: [], twice: [] },
      rows: 3,
      decimal: null,
      samples: [
        ['K-1', '1.480', '1'],
        ['K-2', '310,00 €', '2'],
        ['K-3', '12.5', '3'],
      ],
    });
    expect((await allRows(read)).map((row) => row.ok)).toEqual([false, true, true]);
  });

  test('a decimal mark given by a person settles what the file leaves open', async () => {
    const read = await readInWorker(job('Kundennummer;Umsatz\nK-1;1.480\n', { context: { ...context, decimal: ',' } }));
    expect(await allRows(read)).toEqual([{ row: 2, ok: true, data: { reference: 'K-1', yearlyValueMinor: 148000 } }]);
  });

  test('a missing column is told with samples to choose by, and no rows', async () => {
    const read = await readInWorker(job('Wer;E-Mail\nK-1;a@example.com\n'));
    expect(read.summary).toMatchObject({
      recognition: { missing: ['reference'] },
      rows: 1,
      samples: [['K-1', 'a@example.com']],
    });
    expect(await allRows(read)).toEqual([]);
    const chosen = await readInWorker(job('Wer;E-Mail\nK-1;a@example.com\n', { choice: ['reference'] }));
    expect(await allRows(chosen)).toHaveLength(1);
  });

  test('a fault at the end of the file is found before the first row', async () => {
    await expect(readInWorker(job(`Nr\n${'K\n'.repeat(3000)}"open\n`))).rejects.toMatchObject({
      key: 'import.file.openQuote',
      values: { row: '3002' },
    });
  });

  test('leaving the loop early ends the thread', async () => {
    const read = await readInWorker(job(`Nr\n${Array.from({ length: 5000 }, (_, at) => `K-${at}\n`).join('')}`));
    for await (const batch of read.batches) {
      expect(batch).toHaveLength(500);
      break;
    }
    expect(await read.batches.next()).toMatchObject({ done: true });
  });

  test('a thread that came to the end of its file, or found a fault, reads the next one; one that was left does not', async () => {
    const whole = () => job('Nr\nK-1\nK-2\n');
    await allRows(await readInWorker(whole()));
    const before = await threadsSoFar();
    expect(await allRows(await readInWorker(whole()))).toHaveLength(2);
    await expect(readInWorker(job('"open'))).rejects.toThrow();
    expect(await allRows(await readInWorker(whole()))).toHaveLength(2);
    expect(await threadsSoFar()).toBe(before + 1);
    await (await readInWorker(whole())).close();
    expect(await allRows(await readInWorker(whole()))).toHaveLength(2);
    expect(await threadsSoFar()).toBe(before + 3);
  });

  test('two files at once are kept apart', async () => {
    const of = (name: string, rows: number) =>
      job(`Nr\n${Array.from({ length: rows }, (_, at) => `${name}-${at}\n`).join('')}`);
    const both = await Promise.all([readInWorker(of('A', 2000)), readInWorker(of('B', 3000))]);
    const [a, b] = await Promise.all(both.map(allRows));
    expect([a?.length, b?.length]).toEqual([2000, 3000]);
    expect(a?.at(-1)).toMatchObject({ ok: true, data: { reference: 'A-1999' } });
    expect(b?.at(-1)).toMatchObject({ ok: true, data: { reference: 'B-2999' } });
  });

  test('the server has time for others meanwhile', async () => {
    const line = (at: number) => `K-${at};Anna Berg;a${at}@example.com;02.04.2019;310,00 €\n`;
    const lines = Array.from({ length: 10_000 }, (_, at) => line(at)).join('');
    // Of what all threads worked: how long it took says as much about the machine.
    const [own, all] = [process.threadCpuUsage(), process.cpuUsage()];
    const read = await readInWorker(job(`Nr;Name;E-Mail;Kunde seit;Umsatz\n${lines}`));
    const rows = await allRows(read);
    expect(worked(process.threadCpuUsage(own)) / worked(process.cpuUsage(all))).toBeLessThan(0.6);
    expect(rows.filter((row) => row.ok)).toHaveLength(10_000);
  });
});
