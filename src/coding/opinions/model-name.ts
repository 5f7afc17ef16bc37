/** Which model: what a programme's engine had learned at one turn, told in the codes of one revision of the codebook. */
export interface ModelName {
  programmeId: string;
  turn: number;
  revision: number;
}

export const nameOf = ({ programmeId, turn, revision }: ModelName): ModelName => ({ programmeId, turn, revision });

export const isSame = (a: ModelName, b: ModelName): boolean =>
  a.programmeId === b.programmeId && a.turn === b.turn && a.revision === b.revision;
