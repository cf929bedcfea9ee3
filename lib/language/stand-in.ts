/** Stands for what could not be read: a name that can be a condition, a value and an event. */
export const STAND_IN = '_'
