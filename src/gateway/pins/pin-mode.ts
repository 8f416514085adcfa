/** What becomes of a tool whose definition nobody has accepted: it is held back, it only is told of, or nothing is kept. */
export type PinMode = 'hold' | 'warn' | 'off';
