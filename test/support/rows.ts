import type { Schema } from '../../src/storage/index.ts';

/** Rows of a parent and a child table, with a unique key and a foreign key, for tests of the storage itself. */
let made = 0;
const AT = '2026-01-01T00:00:00.000Z';

export function programmeRow(name = ''): Schema['programme'] {
  const number = made++;
  return { id: `p${number}`, key: `key-${number}`, name, created_at: AT };
}

export function questionnaireRow(programmeId: string, number: number): Schema['questionnaire'] {
  const id = `${programmeId}-${number}`;
  return {
    id,
    programme_id: programmeId,
    name: 'n',
    draft: '{}',
    draft_revision: number,
    created_at: AT,
    updated_at: AT,
    archived_at: null,
  };
}
