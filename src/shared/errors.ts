/** Values that a message's text needs: counts, names of columns, limits. */
export type MessageValues = Record<string, string | number>;

/** A message by its key, to be said in the reader's language where it is shown. */
export interface Message {
  key: string;
  values?: MessageValues;
}

/** What is wrong with a form or a request body, by field name. */
export type FieldErrors = Record<string, Message>;

/** What a person did cannot be done; carries message keys, never an HTTP status. */
export class Problem extends Error {
  readonly key: string;
  readonly values: MessageValues;
  constructor(key: string, values: MessageValues = {}) {
    super(key);
    this.name = new.target.name;
    this.key = key;
    this.values = values;
  }
}

/** It is not there, or this person may not know that it is. */
export class NotFound extends Problem {
  constructor(key = 'error.notFound', values?: MessageValues) {
    super(key, values);
  }
}

/** Somebody else was faster, or the thing is in another state than expected. */
export class Conflict extends Problem {}

/** Known who it is, but their role may not. */
export class Forbidden extends Problem {
  constructor(key = 'error.forbidden', values?: MessageValues) {
    super(key, values);
  }
}

export class Invalid extends Problem {
  readonly fieldErrors: FieldErrors;
  constructor(fieldErrors: FieldErrors, key = 'error.invalid') {
    super(key);
    this.fieldErrors = fieldErrors;
  }
}

/** A rejected form is a value, not an exception. */
export type Result<T> = { ok: true; value: T } | { ok: false; errors: FieldErrors };
