import type { App } from '../../src/app.ts';

interface Letter {
  subject: string;
  text: string;
  html: string;
}

/** The letters to one address that the app has kept instead of sending, the newest first. */
export async function lettersTo({ mailer }: App, email: string): Promise<Letter[]> {
  await mailer.sendDue();
  const { rows } = await mailer.outbox.list(null, { isAdministrator: true });
  const mine = rows.filter((row) => row.envelope_to === email);
  return await Promise.all(mine.map(async ({ id }) => mailer.outbox.get(id, { isAdministrator: true })));
}

/** The path of the link in the newest letter to that address. */
export async function linkTo(app: App, email: string): Promise<string> {
  const [newest] = await lettersTo(app, email);
  const path = /https?:\/\/[^/\s]+(\/(?:welcome|reset)\/\S+)/.exec(newest?.text ?? '')?.[1];
  if (!path) throw new Error(`There is no link in a letter to ${email}`);
  return path;
}
