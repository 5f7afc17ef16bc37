import { readConfig } from '../config.ts';
import { openApp } from '../open.ts';
import { COMMAND } from '../shared/actor.ts';
import type { Role } from '../web/index.ts';
import { languageFrom, readArguments, required, UsageError, type Command } from './usage.ts';

const ROLES = ['staff', 'manager', 'administrator'];
const text = { type: 'string' } as const;

function roleFrom(values: Record<string, string | boolean | undefined>): Role {
  const role = required(values, 'role');
  if (!ROLES.includes(role)) throw new UsageError(`--role is one of ${ROLES.join(', ')}`);
  return role as Role;
}

async function standardInput(): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of process.stdin) parts.push(part as Buffer);
  return Buffer.concat(parts)
    .toString('utf8')
    .replace(/\r?\n$/, '');
}

export const createUser: Command = {
  usage: 'create-user --email E --name N --role ROLE [--language L] [--password-stdin]',
  summary: 'make an account; without a password, prints the link to choose one',
  async run(args) {
    const options = {
      email: text,
      name: text,
      role: text,
      language: text,
      'password-stdin': { type: 'boolean' } as const,
    };
    const { values } = readArguments(args, options, 0);
    const [email, name, role] = [required(values, 'email'), required(values, 'name'), roleFrom(values)];
    const language = languageFrom(values.language);
    const password = values['password-stdin'] ? await standardInput() : undefined;
    const { app, close } = await openApp(readConfig());
    try {
      const { id, link } = await app.accounts.createAccount({ email, name, role, language, password }, COMMAND);
      console.log(link ?? id);
    } finally {
      await app.stop();
      await close();
    }
  },
};

export const createToken: Command = {
  usage: 'create-token --name N --role ROLE',
  summary: 'make an access token for the interface; it is shown this once',
  async run(args) {
    const { values } = readArguments(args, { name: text, role: text }, 0);
    const [name, role] = [required(values, 'name'), roleFrom(values)];
    const { app, close } = await openApp(readConfig());
    try {
      const { token } = await app.accounts.createToken({ name, role }, COMMAND);
      console.log(token);
    } finally {
      await app.stop();
      await close();
    }
  },
};
