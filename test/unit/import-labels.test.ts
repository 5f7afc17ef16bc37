import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { FIELDS, type ImportKind, IMPORT_KINDS, recogniseColumns } from '../../src/customers/import/index.ts';
import { columnLabel } from '../../src/customers/imports/web.ts';
import { languageCodes, loadTexts } from '../../src/i18n/index.ts';

const texts = loadTexts(join(import.meta.dirname, '../../data/locales'));

const labels = IMPORT_KINDS.flatMap((kind) =>
  FIELDS[kind].flatMap((field) => languageCodes.map((language) => ({ kind, field, language }))),
) as { kind: ImportKind; field: string; language: string }[];

test.each(labels)(
  'a column called as we call $field of $kind in $language is understood',
  ({ kind, field, language }) => {
    const { mapping } = recogniseColumns(kind, [columnLabel(kind, field, texts.in(language))]);
    expect(mapping).toEqual({ [field]: 0 });
  },
);
