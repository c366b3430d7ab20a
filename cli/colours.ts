/**
 * Colour for messages: on when standard error is a terminal and `NO_COLOR` is not set. Output that other tools read has none.
 */
import picocolors from 'picocolors';

const { NO_COLOR, TERM } = process.env;

/** Colours for standard error, or their absence. */
export const colours = picocolors.createColors(process.stderr.isTTY === true && !NO_COLOR && TERM !== 'dumb');
