/** The reasons of a programme's codebook, in a reader's language. */
export interface ReasonGroup {
  programme: string;
  name: string;
  /** `top`: of the first level; the others only where somebody chose them. */
  codes: { id: string; name: string; top: boolean }[];
}
