/**
 * Links, judged: each leads from a client to a server of the same protocol and version, and its limits suit both. A message names both ends, shows
 * where their programs declare them, and says what to do.
 */
import type { Place, Remarks } from './language/diagnostics.js';
import { placeOf } from './language/modules.js';
import { describePort } from './language/programs.js';
import { readSettings, type Context } from './language/settings.js';
import { type DeviceEntry, type Following, follow, fullName, kindName, type Resolved, type Scope } from './expand.js';
import type { LinkStatement } from './model.js';
import type { LinkEnd, Settings, TopologyLink } from './topology.js';
import { LINK_SETTINGS } from './vocabulary.js';

/** An end: a port of a PU, or a device. */
export type End = Extract<Resolved, { kind: 'port' }> | DeviceEntry;

/** A link that is good. */
export interface JudgedLink {
  readonly link: TopologyLink;
  readonly client: End;
  readonly server: End;
  readonly isAsynchronous: boolean;
  readonly place: Place;
}

/** The version of the protocols that devices speak. */
const DEVICE_VERSION = 1;
const ENTRY_BYTES_DEFAULT = 512;

/** An end in words. */
export function describeEnd(end: End): string {
  if (end.kind === 'device') return `\`${end.name}\`, a device of the protocol ${end.protocol}`;
  return `\`${fullName(end)}\`, ${describePort(end.port)}`;
}
/** Where the program of an end declares it, as a remark. */
export function declaredAt(end: End): NonNullable<Remarks['related']> {
  if (end.kind === 'device') return [{ place: end.place, message: `the device \`${end.name}\` is declared here` }];
  const loaded = end.pu.program?.loaded;
  if (loaded === undefined) return [];
  const { name, depth, messageBytes } = end.port;
  return [
    {
      place: loaded.portPlace(name),
      message: `${loaded.path} declares \`${name}\`, ${describePort(end.port)} of depth ${depth} for messages of ${messageBytes} bytes`,
    },
  ];
}

/** What one end of a statement leads to; undefined where something is no end, which is reported. */
export function endsOf(text: string, following: Following): readonly End[] | undefined {
  const found = follow(text, following);
  const wrong = found.find((resolved): resolved is Exclude<Resolved, End> => resolved.kind !== 'port' && resolved.kind !== 'device');
  if (wrong === undefined) return found as readonly End[];
  const ports =
    wrong.kind === 'pu'
      ? (wrong.program?.loaded?.program.program.ports ?? []).map(({ name }) => `${text}.${name}`)
      : [...wrong.scope.exports.keys(), ...(wrong.kind === 'computer' ? wrong.scope.declared.keys() : [])].map((name) => `${text}.${name}`);
  const message = `\`${fullName(wrong)}\` is ${kindName(wrong)}, and a link leads to a port or a device`;
  return following.context.report.error('wrong_kind', following.place, message, {
    notes: [ports.length === 0 ? 'it has no ports' : `write ${ports.slice(0, 6).join(', ')}`],
  });
}

/** The links of a statement, those that are good. */
export function judgeLink(statement: LinkStatement, context: Context, scope: Scope): JudgedLink[] {
  const { module, report } = context;
  const place = placeOf(module, statement);
  const clients = endsOf(statement.from, { context, scope, place: placeOf(module, statement, 'from') });
  const servers = endsOf(statement.to, { context, scope, place: placeOf(module, statement, 'to') });
  const settings = readSettings(context, { what: 'a link', place, rows: LINK_SETTINGS }, statement.settings);
  if (clients === undefined || servers === undefined) return [];
  if (servers.length > 1) {
    report.error('two_links', placeOf(module, statement, 'to'), `\`${statement.to}\` is ${servers.length} servers, and a client has one`, {
      notes: ['link elements to elements: for i in 1..4 { a[i].out -> b[i].serve }'],
    });
    return [];
  }
  const [server] = servers;
  if (server === undefined) return [];
  return clients.flatMap((client) => joined(client, server, { texts: statement, settings, place, context }));
}

/** How two ends are linked. */
export interface Joining {
  /** How the ends are written. */
  readonly texts: Pick<LinkStatement, 'from' | 'to'>;
  readonly settings: Settings;
  readonly place: Place;
  readonly context: Context;
}

/** The link of two ends, or none if they do not fit, which is reported. */
export function joined(client: End, server: End, { texts, settings, place, context }: Joining): JudgedLink[] {
  if (!judgeEnds(client, server, texts, place, context)) return [];
  const limits = limitsOf(client, server, settings, place, context);
  const protocol = protocolOf(client) as TopologyLink['protocol'];
  const link: TopologyLink = { client: endOf(client), server: endOf(server), protocol, ...limits, isLossy: settings.lossy === true };
  return [{ link, client, server, isAsynchronous: settings.asynchronous === true, place }];
}

const endOf = (end: End): LinkEnd => (end.kind === 'device' ? { device: end.name } : { pu: end.pu.name, port: end.port.name });
const protocolOf = (end: End): string | undefined => (end.kind === 'device' ? end.protocol : end.port.protocol);
const versionOf = (end: End): number => (end.kind === 'device' ? DEVICE_VERSION : end.port.version);

/** Whether two ends can be linked. */
function judgeEnds(client: End, server: End, { from, to }: Joining['texts'], place: Place, { report }: Context): boolean {
  const both = `${describeEnd(client)}, and ${describeEnd(server)}`;
  const related = [...declaredAt(client), ...declaredAt(server)];
  const wrong = (code: 'wrong_side' | 'wrong_protocol' | 'wrong_version', message: string, ...notes: string[]): false => {
    report.error(code, place, message, { related, notes });
    return false;
  };
  const protocols = [protocolOf(client), protocolOf(server)];
  if (protocols.includes(undefined)) return false;
  const mayServe = server.kind === 'device' || server.port.side === 'server';
  const mayUse = client.kind === 'device' ? client.protocol === 'pu' && server.kind === 'port' : client.port.side === 'client';
  if (!mayServe || !mayUse) {
    const isTurned = (client.kind === 'device' || client.port.side === 'server') && server.kind === 'port' && server.port.side === 'client';
    if (isTurned) return wrong('wrong_side', `this link leads from a server to a client: ${both}`, `turn it round: ${to} -> ${from}`);
    if (client.kind === 'device' && server.kind === 'device') return wrong('wrong_side', `both ends are devices: ${both}`, 'a link needs a program at one end');
    if (client.kind === 'device')
      return wrong('wrong_side', `a ${client.protocol} uses nothing: ${both}`, 'devices that open sessions at a program speak pu: a network that listens');
    const sides = server.kind === 'port' && client.port.side === server.port.side ? `both ends are ${client.port.side}s` : 'a server uses nothing';
    return wrong('wrong_side', `${sides}: ${both}`, `a link leads from a client port to a server port or a device`);
  }
  if (protocols[0] !== protocols[1]) {
    return wrong('wrong_protocol', `the ends speak different protocols: ${both}`, `both must speak ${protocols[0]}, or both ${protocols[1]}`);
  }
  if (versionOf(client) !== versionOf(server)) {
    return wrong(
      'wrong_version',
      `the ends speak different versions: version ${versionOf(client)} and version ${versionOf(server)}: ${both}`,
      'declare the same { version N } in both programs',
    );
  }
  return true;
}

/** The limits in force, as far as they are below those of the client's program. */
function limitsOf(client: End, server: End, settings: Settings, place: Place, { report }: Context): { depth?: number; messageBytes?: number } {
  const related = [...declaredAt(client), ...declaredAt(server)];
  const small = (message: string, ...notes: string[]): undefined => report.error('small_ring', place, message, { related, notes });
  const limits: { depth?: number; messageBytes?: number } = {};
  const ports = [client, server].flatMap((end) => (end.kind === 'port' ? [end] : []));
  if (typeof settings.depth === 'number') {
    const { depth } = settings;
    const least = ports.find(({ port }) => port.depth < depth);
    if (least === undefined) limits.depth = depth;
    else small(`a depth of ${depth}, and \`${fullName(least)}\` has rings of ${least.port.depth}`, 'a system may only lower what a program declares');
  }
  if (typeof settings.message === 'number') {
    const { message } = settings;
    const least = ports.find(({ port }) => port.messageBytes < message);
    if (least === undefined) limits.messageBytes = message;
    else
      small(
        `messages of ${message} bytes, and \`${fullName(least)}\` takes at most ${least.port.messageBytes}`,
        'a system may only lower what a program declares',
      );
  }
  if (client.kind !== 'port') return limits;
  const sent = limits.messageBytes ?? client.port.messageBytes;
  if (server.kind === 'port') {
    const { messageBytes } = server.port;
    if (sent > messageBytes && settings.message === undefined) {
      small(
        `\`${fullName(client)}\` may send ${sent} bytes, and \`${fullName(server)}\` takes at most ${messageBytes}`,
        `lower it here: { message ${messageBytes} }, or declare port ${server.port.name} with { message ${sent} }`,
      );
    }
    return limits;
  }
  const least = leastMessage(server);
  if (least !== undefined && sent < least.bytes) {
    small(
      `\`${fullName(client)}\` has messages of ${sent} bytes, and ${least.what} of \`${server.name}\` has ${least.bytes}`,
      `declare the port with { message ${least.bytes} } or more`,
    );
  }
  return limits;
}

/** The least message with which a device can be used. */
function leastMessage({ protocol, settings }: DeviceEntry): { readonly what: string; readonly bytes: number } | undefined {
  const number = (name: string, otherwise: number): number => (typeof settings[name] === 'number' ? (settings[name] as number) : otherwise);
  switch (protocol) {
    case 'disk':
      return { what: 'an entry', bytes: number('size', ENTRY_BYTES_DEFAULT) };
    case 'screen':
      return typeof settings.width === 'number' && typeof settings.height === 'number'
        ? { what: 'an image', bytes: 4 * settings.width * settings.height }
        : undefined;
    default:
      return undefined;
  }
}
