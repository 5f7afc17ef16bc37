import type { Response } from 'express';
import { CSV_BOM, csvLine } from '../shared/csv.ts';
import { staffOf } from '../web/index.ts';
import { textIn } from './codebook.ts';
import type { Coding } from './service.ts';

const COLUMNS = [
  'response',
  'submitted_at',
  'question',
  'language',
  'code',
  'name',
  'coder',
  'colleague',
  'coded_at',
  'main',
  'probability',
  'words',
];

/** Sends every coding of a programme as a CSV file, as fast as it is taken. */
export async function sendCsv(res: Response, coding: Coding, programme: { id: string; key: string }): Promise<void> {
  const { language } = staffOf(res);
  const book = await coding.desk.book(programme.id);
  const names = new Map((await coding.colleagues()).map((each) => [each.id, each.name]));
  res.type('text/csv').attachment(`codings-${programme.key}.csv`);
  res.write(CSV_BOM + csvLine(COLUMNS));
  for await (const row of coding.exported(programme.id)) {
    const code = book?.byId.get(row.codeId);
    const who = row.accountId === null ? '' : (names.get(row.accountId) ?? '');
    const given = [row.coderKind, who, row.createdAt, row.isMain ? 1 : 0, row.probability];
    const answer = [row.responseId, row.submittedAt, row.questionKey, row.language];
    const line = csvLine([...answer, code?.key, textIn(code?.name ?? {}, language), ...given, row.verbatim]);
    if (!res.write(line)) await new Promise((drained) => res.once('drain', drained).once('close', drained));
    if (res.destroyed) return;
  }
  res.end();
}
