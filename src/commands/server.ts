import { readConfig } from '../config.ts';
import { openApp } from '../open.ts';
import { serve } from '../serve.ts';
import { migrate } from '../storage/index.ts';
import { readArguments, type Command } from './usage.ts';

export const serveCommand: Command = {
  usage: 'serve',
  summary: 'migrate, then serve until a stop signal',
  async run(args) {
    readArguments(args, {}, 0);
    await serve();
  },
};

export const migrateCommand: Command = {
  usage: 'migrate',
  summary: 'bring the database up to date and end',
  async run(args) {
    readArguments(args, {}, 0);
    const applied = await migrate(readConfig().databaseUrl);
    console.log(applied.length > 0 ? applied.join('\n') : 'up to date');
  },
};

export const sendDue: Command = {
  usage: 'send-due',
  summary: 'one pass of the queue and the scheduler',
  async run(args) {
    readArguments(args, {}, 0);
    const { app, close } = await openApp(readConfig());
    try {
      console.log(JSON.stringify(await app.runDue()));
    } finally {
      await app.stop();
      await close();
    }
  },
};
