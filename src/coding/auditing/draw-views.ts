import type { FieldErrors } from '../../shared/errors.ts';
import { formView, type FormView, type Staff } from '../../web/index.ts';
import type { Counts } from '../counts.ts';

/** How far the random audit is, and a form that draws more. */
export interface DrawView {
  progress: string;
  meter: { total: number; coded: number } | null;
  action: string;
  /** Null where every answer is drawn already. */
  form: FormView | null;
}

declare module '../../web/render.ts' {
  interface Templates {
    'coding/draw': DrawView;
  }
}

const DEFAULT = '50';

export function drawView(
  programmeKey: string,
  { drawn, checked, total }: Counts,
  { t }: Staff,
  failed?: { typed: string; errors: FieldErrors },
): DrawView {
  return {
    progress: drawn > 0 ? t('coding.drawing.progress', { count: drawn, checked }) : '',
    meter: drawn > 0 ? { total: drawn, coded: checked } : null,
    action: `/answers/${programmeKey}/draw`,
    form: total > 0 && drawn >= total ? null : formView({ more: failed?.typed ?? DEFAULT }, failed?.errors, t),
  };
}
