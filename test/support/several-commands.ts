// A program: `comeback` with each of the lists of arguments that its only argument holds, one after the other in one
// process, since each that begins reads the whole product. Prints what each said and ended with.
import type { Outcome } from './commands.ts';

const outcomes: Outcome[] = [];
const [stdout, stderr] = [process.stdout, process.stderr];
const write = stdout.write.bind(stdout);

for (const [n, args] of (JSON.parse(process.argv[2] ?? '[]') as string[][]).entries()) {
  const outcome: Outcome = { status: 0, stdout: '', stderr: '' };
  stdout.write = (said: string | Uint8Array) => (outcome.stdout += String(said)) !== '';
  stderr.write = (said: string | Uint8Array) => (outcome.stderr += String(said)) !== '';
  process.argv.splice(2, Infinity, ...args);
  process.exitCode = 0;
  try {
    await import(`../../src/cli.ts?${n}`);
    outcome.status = Number(process.exitCode);
  } catch (error) {
    // As Node ends for what nobody caught.
    Object.assign(outcome, { status: 1, stderr: outcome.stderr + String(error) });
  }
  outcomes.push(outcome);
}
write(JSON.stringify(outcomes), () => process.exit(0));
