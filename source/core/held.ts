/** An instance that a drain cannot take from its node as things stand, and what holds it there. */
export type Held = {readonly id: string; readonly name: string; readonly why: string};
