import type { ImportKind } from '../../src/customers/index.ts';
import type { Answer, Person, TestApp } from './app.ts';

interface Checked {
  id: string;
  path: string;
  /** The page that the upload leads to, once the file has been read. */
  page: Answer;
}

/** Chooses a file on the page for it, and waits until it has been read. */
export async function upload(
  { app }: TestApp,
  person: Person,
  kind: ImportKind,
  content: string | Buffer,
  fields: Record<string, string> = {},
  name = 'kunden.csv',
): Promise<Checked> {
  await person.get(`/customers/imports/new?kind=${kind}`);
  const file = { field: 'file', name, content: Buffer.from(content) };
  const answer = await person.upload('/customers/imports', { kind, ...fields }, file);
  if (answer.status !== 303) throw new Error(`The upload was answered with ${answer.status}: ${plain(answer)}`);
  const path = answer.headers['location'] ?? '';
  await app.imports.runDue();
  return { id: path.split('/').at(-1) ?? '', path, page: await person.get(path) };
}

/** Presses the button on the check page, and waits for the end. */
export async function bringIn({ app }: TestApp, person: Person, { path }: Pick<Checked, 'path'>): Promise<Answer> {
  await person.get(path);
  const answer = await person.post(`${path}/start`);
  if (answer.status !== 303) throw new Error(`Starting was answered with ${answer.status}: ${plain(answer)}`);
  await app.imports.runDue();
  return person.get(path);
}

export async function takeBack({ app }: TestApp, person: Person, { path }: Pick<Checked, 'path'>): Promise<Answer> {
  const answer = await person.post(`${path}/undo`);
  if (answer.status !== 303) throw new Error(`Undoing was answered with ${answer.status}: ${plain(answer)}`);
  await app.imports.runDue();
  return person.get(path);
}

const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', '#34': '"', '#39': "'" };

/** The words of a page as a person reads them. */
export function plain({ text }: Pick<Answer, 'text'>): string {
  return text
    .replace(/<(script|style|head)[\s\S]*?<\/\1>/g, ' ')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&(amp|lt|gt|#34|#39);/g, (_, name: string) => NAMED[name] ?? '')
    .replace(/\s+/g, ' ')
    .trim();
}
