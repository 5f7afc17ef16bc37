import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// The same compiled modules as the server's: a command then starts in half the time.
enableCompileCache(join(import.meta.dirname, '../data/var/compile-cache'));

await import('./command-line.ts');
