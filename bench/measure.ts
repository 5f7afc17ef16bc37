import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export function temporary(): { path(name: string): string; remove(): void } {
  const directory = mkdtempSync(join(tmpdir(), 'comeback-bench-'));
  return { path: (name) => join(directory, name), remove: () => rmSync(directory, { recursive: true, force: true }) };
}

/** How often a second `once` comes to its end with so many callers at a time. */
export async function rate(once: () => Promise<unknown>, callers: number, milliseconds: number): Promise<number> {
  for (let i = 0; i < 100; i++) await once();
  let done = 0;
  const start = performance.now();
  const end = start + milliseconds;
  const caller = async () => {
    while (performance.now() < end) {
      await once();
      done++;
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return (done / (performance.now() - start)) * 1000;
}

export function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

export function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
