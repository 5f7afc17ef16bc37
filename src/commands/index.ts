import { createToken, createUser } from './accounts.ts';
import { demoCommand } from './demo.ts';
import { engineCommand } from './engine.ts';
import { importCustomers, importPurchases } from './imports.ts';
import { backup, restore, sendingOff } from './backup.ts';
import { eraseCustomer, exportCustomer } from './privacy.ts';
import { readBounce } from './read-bounce.ts';
import { receiveMail } from './receive-mail.ts';
import { migrateCommand, sendDue, serveCommand } from './server.ts';
import type { Command } from './usage.ts';

/** What `comeback` can do, by the first word. */
export const commands: Record<string, Command | undefined> = {
  serve: serveCommand,
  migrate: migrateCommand,
  'create-user': createUser,
  'create-token': createToken,
  'import-customers': importCustomers,
  'import-purchases': importPurchases,
  'send-due': sendDue,
  'read-bounce': readBounce,
  'receive-mail': receiveMail,
  'export-customer': exportCustomer,
  'erase-customer': eraseCustomer,
  backup,
  restore,
  'sending-off': sendingOff,
  engine: engineCommand,
  demo: demoCommand,
};
