/**
 * Sending: messages a second beside a bare pool, memory by the number of recipients, and what the start of a large wave
 * costs those who answer meanwhile. `sending [N]`: so many messages a round; `--only rates|memory|start`; `--large`:
 * memory also for 100,000 recipients.
 */
import { parseArgs } from 'node:util';
import { startSink } from './sending-house.ts';
import { compareRates } from './sending-rates.ts';
import { measureMemory, measureStart } from './sending-size.ts';

const { positionals, values } = parseArgs({
  args: process.argv.slice(3),
  allowPositionals: true,
  options: { only: { type: 'string' }, large: { type: 'boolean', default: false } },
});
const sizes = values.large ? [1000, 10_000, 100_000] : [1000, 10_000];
const sink = await startSink();
const parts: Record<string, () => Promise<void>> = {
  rates: () => compareRates(sink, Number(positionals[0] ?? 1000)),
  memory: () => measureMemory(sink, sizes),
  start: () => measureStart(sink, 100_000),
};
for (const [name, part] of Object.entries(parts)) if (values.only === undefined || values.only === name) await part();
sink.stop();
process.exit(0);
