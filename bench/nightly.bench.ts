/**
 * Whoever answers while the night's work goes on: 100,000 customers with 850,000 purchases; 20 pages read and 20 answers sent a
 * second, begun when they are due whether or not the last one has come back. Bare: the same without any night's work.
 * `bench nightly CUSTOMERS` for another size.
 */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { percentile, temporary } from './measure.ts';
import { send } from './send.ts';

const CUSTOMERS = Number(process.argv[3] ?? 100_000);
const ASKED = Math.min(8000, CUSTOMERS / 10);
const EVERY_MS = 25;
const WORDS = new URLSearchParams({ answer: 'Ich habe dreimal angerufen, und danach ist nichts passiert.' }).toString();

interface Passed {
  seconds: number;
  cpuSeconds: number;
  delay: { p50: number; p99: number; max: number };
}

const files = temporary();
const child = fork(join(import.meta.dirname, 'nightly-server.ts'), [files.path('.'), String(CUSTOMERS), String(ASKED)]);
const told = <T>() =>
  new Promise<T>((resolve, reject) => {
    child.once('message', (message) => resolve(message as T));
    child.once('exit', (code) => reject(new Error(`The server ended with ${code}`)));
  });
const { baseUrl, links, phases } = await told<{ baseUrl: string; links: string[]; phases: string[] }>();
let turn = 0;

/** A page is read, or the next respondent answers; @returns milliseconds from when it was due */
async function once(due: number): Promise<number> {
  const nr = turn++;
  const link = baseUrl + (links[Math.floor(nr / 2) % links.length] ?? '');
  const { status } = nr % 2 === 0 ? await send(link) : await send(`${link}/happened`, WORDS);
  if (status !== 200 && status !== 303) throw new Error(`Answered with ${status}`);
  return performance.now() - due;
}

async function load(until: Promise<unknown>): Promise<number[]> {
  const going: Promise<number>[] = [];
  const state = { over: false };
  void until.finally(() => (state.over = true)).catch(() => undefined);
  for (let due = performance.now(); !state.over; due += EVERY_MS) {
    await after(Math.max(0, due - performance.now()));
    going.push(once(due));
  }
  return await Promise.all(going);
}

// Compiled and warm before anything counts.
await load(after(3000));
const table: Record<string, Record<string, string>> = {};
const ms = (value: number) => value.toFixed(value < 10 ? 1 : 0);
for (const phase of phases) {
  const done = told<Passed>();
  child.send(phase);
  const times = await load(done);
  const { seconds, cpuSeconds, delay } = await done;
  console.log(`${phase}: ${seconds.toFixed(1)} s`);
  table[phase] = {
    took: `${seconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} s of CPU`,
    'answering p50 / p99 / max': `${ms(percentile(times, 0.5))} / ${ms(percentile(times, 0.99))} / ${ms(Math.max(...times))} ms`,
    'event loop late by p50 / p99 / max': `${ms(delay.p50)} / ${ms(delay.p99)} / ${ms(delay.max)} ms`,
  };
}
console.table(table);
child.disconnect();
files.remove();
process.exit(0);
