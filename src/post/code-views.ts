import type { Translate } from '../i18n/index.ts';
import type { FormView } from '../web/index.ts';

export interface CodePage {
  form: FormView;
  action: string;
}

declare module '../web/render.ts' {
  interface Templates {
    'post/code': CodePage;
  }
}

/** The form goes on in the language that is read. */
export function codePage(form: FormView, { language }: Translate): CodePage {
  return { form, action: `/p?lang=${language}` };
}
