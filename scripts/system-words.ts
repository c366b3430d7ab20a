/**
 * The words of descriptions as a page: `docs/system-words.md`, from the vocabulary and the list of diagnostics.
 */
import { SYSTEM_DIAGNOSTICS } from '../system/language/diagnostics.js';
import {
  COMPUTER_SETTINGS,
  DEVICE_SETTINGS,
  DRIVERS,
  EXPECTATIONS,
  FAULTS,
  HOST_SETTINGS,
  type KindRows,
  LINK_SETTINGS,
  MOCKS,
  PU_SETTINGS,
  type SettingRow,
  type SettingRows,
} from '../system/vocabulary.js';

const cell = (text: string): string => text.replaceAll('|', '\\|');

function typeText({ type, range, least, most, needed }: SettingRow): string {
  const kind = typeof type === 'string' ? type : `one of ${type.join(', ')}`;
  const bounds = least === undefined && most === undefined ? '' : `, ${least ?? ''} to ${most ?? ''}`;
  return `${kind}${bounds}${range === true ? ', or a range' : ''}${needed === true ? ', needed' : ''}`;
}

function settingsTable(rows: SettingRows): string {
  const lines = Object.entries(rows).map(([name, row]) => `| \`${name}\` | ${cell(typeText(row))} | ${cell(row.doc)} |`);
  return lines.length === 0 ? 'No settings.\n' : `| setting | | |\n|---|---|---|\n${lines.join('\n')}\n`;
}

function kinds(rows: KindRows): string {
  return Object.entries(rows)
    .map(([name, { of, protocols, value, settings, doc }]) => {
      const targets = protocols === undefined ? of.join(', ') : `devices of the protocol ${protocols.join(', ')}`;
      const main = value === undefined ? '' : ` A value right behind the word is \`${value}\`.`;
      return `### \`${name}\`\n\n${doc}. For ${targets}.${main}\n\n${Object.keys(settings).length === 0 ? '' : `${settingsTable(settings)}\n`}`;
    })
    .join('');
}

/** The text of the page. */
export function systemWords(): string {
  const devices = Object.entries(DEVICE_SETTINGS).map(([protocol, rows]) => `### Devices of the protocol ${protocol}\n\n${settingsTable(rows)}\n`);
  const hosts = Object.entries(HOST_SETTINGS).map(([host, rows]) => `### Host \`${host}\`\n\n${settingsTable(rows)}\n`);
  const codes = Object.entries(SYSTEM_DIAGNOSTICS).map(([code, meaning]) => `| \`${code}\` | ${cell(meaning)} |`);
  return `<!-- generated from system/vocabulary.ts and system/language/diagnostics.ts; edit those -->
# Words of system descriptions

The grammar is in [system-language.md](system-language.md). Types of settings: *count* is a whole number, *bytes*, *time* and *rate* have units, times are given here in nanoseconds; a *chance* is from 0 to 1, or in percent;
a *flag* is its name alone; *text* is a string, *texts* are strings with commas between them; a *path* is a string and starts from the folder of the description; *names* are those of PUs.

## Settings

### PUs

${settingsTable(PU_SETTINGS)}
### Computers

${settingsTable(COMPUTER_SETTINGS)}
### Links

${settingsTable(LINK_SETTINGS)}
${devices.join('')}${hosts.join('')}## Mocks

${kinds(MOCKS)}## Drivers

${kinds(DRIVERS)}## Faults

${kinds(FAULTS)}## Expectations

${kinds(EXPECTATIONS)}## Diagnostics

| code | |
|---|---|
${codes.join('\n')}
`;
}
