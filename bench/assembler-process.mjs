/**
 * One cold assembly for `assembler.mjs`: reads a source, assembles it, writes the binary if there is one, and prints as JSON how many
 * diagnostics there were and the most memory that was resident.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { assemble } from '../dist/assembler.js';

const [, , source, target] = process.argv;
const { binary, diagnostics } = assemble(source, { read: (file) => readFileSync(file, 'utf8') });
if (binary !== undefined) writeFileSync(target, binary);
process.stdout.write(`${JSON.stringify({ diagnostics: diagnostics.length, megabytes: process.resourceUsage().maxRSS / 1024 })}\n`);
