/**
 * Prints the interpreter's loop as the book makes it, for mutants of the book.
 */
import { generate } from '../../vm/interpreter/generate.js';

process.stdout.write(generate());
