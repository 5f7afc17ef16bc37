import { Conflict, Invalid, type FieldErrors, type Result } from '../../shared/errors.ts';

/** Why something was not done, by field, and the status of the answer. */
export interface Rejected {
  errors: FieldErrors;
  status: 409 | 422;
}

/** Does it with a form that is right. What was typed is kept, also where somebody else was faster. */
export async function attempt<T, R>(
  form: Result<T>,
  act: (value: T) => Promise<R>,
): Promise<{ ok: true; value: R } | ({ ok: false } & Rejected)> {
  if (!form.ok) return { ...form, status: 422 };
  try {
    return { ok: true, value: await act(form.value) };
  } catch (error) {
    if (error instanceof Invalid) return { ok: false, errors: error.fieldErrors, status: 422 };
    if (error instanceof Conflict) return { ok: false, errors: { body: { key: error.key } }, status: 409 };
    throw error;
  }
}
