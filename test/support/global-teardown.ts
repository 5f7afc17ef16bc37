import { rmSync } from 'node:fs';
import { dirname } from 'node:path';

export default async function teardown(): Promise<void> {
  await globalThis.testCluster?.stop();
  if (process.env.TEST_SQLITE) rmSync(dirname(process.env.TEST_SQLITE), { recursive: true, force: true });
}
