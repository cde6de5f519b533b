/** The type of a row of the list of kinds, which no kind of the engine has. */
export const ofKinds = '';
