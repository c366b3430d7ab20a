/**
 * Deployments: what carries a system, what stands behind its devices, what may go wrong and what has to hold. A deployment may add PUs of its own that
 * watch or feed the system, and programs that play its devices.
 */
import type { SystemReport } from './language/diagnostics.js';
import { placeOf } from './language/modules.js';
import { type Context, readSettings } from './language/settings.js';
import { makeTopology, type Parts } from './check.js';
import { type DeployedParts, type DeviceEntry, follow, fullName, kindName, type Resolved, type Scope } from './expand.js';
import { endsOf, joined, type JudgedLink, judgeLink } from './links.js';
import type { AllStatement, BackingStatement, DeployStatement, ExpectStatement, FaultStatement, PlayStatement, Statement } from './model.js';
import { type Backing, type Deployment, type Expectation, type FaultRule, type HostKind, MAIN_COMPUTER, type Settings, type Target } from './topology.js';
import { DRIVERS, EXPECTATIONS, FAULTS, HOST_SETTINGS, type KindRow, type KindRows, MOCKS } from './vocabulary.js';

const HOSTS = Object.keys(HOST_SETTINGS) as HostKind[];

/** Judges a deployment. @param base the system without it @param used takes the names of the ends that its links have */
export function judgeDeployment(
  statement: DeployStatement,
  context: Context,
  deployed: DeployedParts,
  base: Parts,
  used: Set<string>,
  report: SystemReport,
): Deployment | undefined {
  const place = placeOf(context.module, statement, 'name');
  const own = deployed.links.flatMap((link) => judgeLink(link.statement, link.context, link.scope));
  const work = new Work(deployed.scope, report);
  for (const { statement: inner, context: around } of deployed.statements) work.take(inner, around);
  for (const { client, server } of own) used.add(fullName(client)).add(fullName(server));
  const parts = played(
    { ...base, pus: [...base.pus, ...deployed.pus], devices: [...base.devices, ...deployed.devices], links: [...base.links, ...own] },
    work,
    report,
  );
  if (work.host === undefined) {
    report.error('unplaced_pu', place, `no host carries the PUs of \`${statement.name}\``, {
      notes: ['write all on simulation, all on workers or all on processes'],
    });
  }
  const topology = makeTopology(parts, report);
  const backings = backingsOf(parts, work, statement, place, report);
  if (work.host === undefined || report.errors > 0) return undefined;
  const { seed, until } = work.hostSettings;
  return {
    name: statement.name,
    topology,
    host: work.host,
    seed: typeof seed === 'number' ? seed : 0,
    ...(typeof until === 'number' ? { untilNs: BigInt(until) } : {}),
    backings,
    faults: work.faults.flatMap((fault) => fault(parts.links)),
    expectations: work.expectations.flatMap((expectation) => expectation(parts.links)),
  };
}

/** One for each device, but for controllers. */
function backingsOf(parts: Parts, work: Work, { name }: DeployStatement, place: ReturnType<typeof placeOf>, report: SystemReport): Backing[] {
  return parts.devices.flatMap((device) => {
    const backing = work.backings.get(device.name)?.backing;
    if (backing !== undefined) return [backing];
    if (device.protocol === 'puc' || device.protocol === undefined) return [];
    const rows = work.host === 'simulation' ? MOCKS : { ...DRIVERS };
    const kinds = Object.keys(rows).filter((kind) => rows[kind]?.protocols?.includes(device.protocol as never) === true);
    const word = work.host === 'simulation' ? 'mock' : 'drive';
    report.error('undriven_device', place, `nothing stands behind the device \`${device.name}\` in \`${name}\``, {
      notes: kinds.length === 0 ? [] : [`write ${word} ${device.name} ${kinds[0]}${kinds.length > 1 ? ` (or ${kinds.slice(1).join(', ')})` : ''}`],
      related: [{ place: device.place, message: `the ${device.protocol} is declared here` }],
    });
    return [];
  });
}

/** Parts in which devices that a program plays are that program. */
function played(parts: Parts, { plays }: Work, report: SystemReport): Parts {
  if (plays.size === 0) return parts;
  const links = parts.links.flatMap((judged): JudgedLink[] => {
    const { client, server, link } = judged;
    if (client.kind === 'device' && plays.has(client.name)) {
      const { place } = plays.get(client.name) as Play;
      report.error('wrong_target', place, `\`${client.name}\` is a client, and a program plays only servers`, {
        notes: ['link a program of the deployment to the server port instead'],
      });
    }
    const play = server.kind === 'device' ? plays.get(server.name) : undefined;
    if (play === undefined) return [judged];
    const settings: Settings = {
      asynchronous: judged.isAsynchronous,
      lossy: link.isLossy,
      ...(link.depth === undefined ? {} : { depth: link.depth }),
      ...(link.messageBytes === undefined ? {} : { message: link.messageBytes }),
    };
    const { by, context, scope, place } = play;
    const servers = endsOf(by, { context, scope, place, isInside: true }) ?? [];
    return servers.slice(0, 1).flatMap((end) => joined(client, end, { texts: { from: fullName(client), to: by }, settings, place, context }));
  });
  return { ...parts, links, devices: parts.devices.filter(({ name }) => !plays.has(name)) };
}

interface Play {
  readonly by: string;
  readonly context: Context;
  readonly scope: Scope;
  readonly place: ReturnType<typeof placeOf>;
}

/** What the statements of a deployment come to. */
class Work {
  host: HostKind | undefined;
  hostSettings: Settings = {};
  readonly backings = new Map<string, { readonly backing: Backing; readonly place: ReturnType<typeof placeOf> }>();
  readonly plays = new Map<string, Play>();
  /** Targets that are links are known once all links are. */
  readonly faults: ((links: readonly JudgedLink[]) => FaultRule[])[] = [];
  readonly expectations: ((links: readonly JudgedLink[]) => Expectation[])[] = [];
  readonly #scope: Scope;
  readonly #report: SystemReport;

  constructor(scope: Scope, report: SystemReport) {
    this.#scope = scope;
    this.#report = report;
  }

  take(statement: Statement, context: Context): void {
    switch (statement.kind) {
      case 'all':
        return this.#all(statement, context);
      case 'mock':
      case 'drive':
        return this.#backing(statement, context);
      case 'play':
        return this.#play(statement, context);
      case 'fault':
        return this.#fault(statement, context);
      case 'expect':
        return this.#expect(statement, context);
      default:
        // Only a model that was not written as text can hold it.
        this.#report.error('not_here', placeOf(context.module, statement), `\`${statement.kind}\` cannot stand in a deployment`);
    }
  }

  #all(statement: AllStatement, context: Context): void {
    const place = placeOf(context.module, statement, 'host');
    const host = HOSTS.find((known) => known === statement.host);
    if (host === undefined) {
      this.#report.error('unknown_host', place, `no host is called \`${statement.host}\``, {
        notes: [...this.#report.suggest(statement.host, HOSTS), `hosts are ${HOSTS.join(', ')}`],
      });
      return;
    }
    if (this.host !== undefined) this.#report.error('two_hosts', place, `all is on ${this.host} already`);
    this.host = host;
    this.hostSettings = readSettings(context, { what: `the host ${host}`, place, rows: HOST_SETTINGS[host] }, statement.settings);
  }

  #follow(path: string, context: Context, statement: Statement): readonly Resolved[] {
    return follow(path, { context, scope: this.#scope, place: placeOf(context.module, statement, 'target'), isInside: true });
  }

  /** The devices that a path leads to. */
  #devices(path: string, context: Context, statement: Statement): DeviceEntry[] {
    return this.#follow(path, context, statement).flatMap((found) => {
      if (found.kind === 'device') return [found];
      const place = placeOf(context.module, statement, 'target');
      this.#report.error('wrong_target', place, `\`${fullName(found)}\` is ${kindName(found)}, and \`${statement.kind}\` is for devices`);
      return [];
    });
  }

  #backing(statement: BackingStatement, context: Context): void {
    const { kind: how, how: kind } = statement;
    const place = placeOf(context.module, statement);
    const rows: KindRows = how === 'mock' ? MOCKS : DRIVERS;
    const what = how === 'mock' ? 'mock' : 'driver';
    const row = this.#row(rows, kind, what, placeOf(context.module, statement, 'how'));
    const settings =
      row === undefined
        ? {}
        : readSettings(context, { what: `the ${what} \`${kind}\``, place, rows: row.settings }, statement.settings, {
            name: row.value,
            value: statement.value,
          });
    for (const device of this.#devices(statement.target, context, statement)) {
      const before = this.backings.get(device.name);
      if (before !== undefined) {
        this.#report.error('two_backings', place, `\`${device.name}\` has a ${before.backing.how === 'mock' ? 'mock' : 'driver'} already`, {
          related: [{ place: before.place, message: 'the first one is here' }],
        });
        continue;
      }
      this.backings.set(device.name, { backing: { device: device.name, how, kind, settings }, place });
      if (device.protocol === 'puc') {
        this.#report.error('wrong_target', place, `\`${device.name}\` is a controller, which is the host's own`, { notes: ['leave the statement out'] });
      } else if (row !== undefined && device.protocol !== undefined && row.protocols?.includes(device.protocol) === false) {
        const fitting = Object.keys(rows).filter((name) => rows[name]?.protocols?.includes(device.protocol as never));
        this.#report.error(
          'wrong_target',
          place,
          `the ${what} \`${kind}\` is for ${row.protocols.join(', ')}, and \`${device.name}\` speaks ${device.protocol}`,
          {
            notes: [fitting.length === 0 ? `there is no ${what} for ${device.protocol}` : `for ${device.protocol} there are ${fitting.join(', ')}`],
            related: [{ place: device.place, message: 'the device is declared here' }],
          },
        );
      }
    }
  }

  /** The row of a kind; a kind that does not exist is reported. */
  #row(rows: KindRows, kind: string, what: string, place: ReturnType<typeof placeOf>): KindRow | undefined {
    if (Object.hasOwn(rows, kind)) return rows[kind];
    const known = Object.keys(rows);
    return this.#report.error('unknown_kind', place, `there is no ${what} \`${kind}\``, {
      notes: [...this.#report.suggest(kind, known), `there are ${known.join(', ')}`],
    });
  }

  #play(statement: PlayStatement, context: Context): void {
    const place = placeOf(context.module, statement);
    for (const device of this.#devices(statement.target, context, statement)) {
      const before = this.plays.get(device.name);
      if (before === undefined) this.plays.set(device.name, { by: statement.by, context, scope: this.#scope, place });
      else
        this.#report.error('two_backings', place, `\`${device.name}\` is played already`, {
          related: [{ place: before.place, message: 'the first time is here' }],
        });
    }
  }

  /** What a fault or an expectation is about: links of ports and devices too, if it can be of links. */
  #targets(path: string, row: KindRow, what: string, context: Context, statement: Statement): (links: readonly JudgedLink[]) => Target[] {
    const place = placeOf(context.module, statement, 'target');
    const found = path === MAIN_COMPUTER && !this.#isDeclared(path) ? [] : this.#follow(path, context, statement);
    const isMain = path === MAIN_COMPUTER && found.length === 0;
    const later = found.map((target): ((links: readonly JudgedLink[]) => Target[]) => {
      const isLink = row.of.includes('link') && (target.kind === 'port' || (target.kind === 'device' && !row.of.includes('device')));
      if (isLink) {
        return (links) => {
          const name = fullName(target);
          const touched = links.filter(({ client, server }) => fullName(client) === name || fullName(server) === name);
          if (touched.length === 0) this.#report.error('wrong_target', place, `no link leads to or from \`${name}\``);
          return [...new Set(touched.map(({ client }) => fullName(client)))].map((client) => ({ kind: 'link', name: client }));
        };
      }
      const kind = target.kind === 'port' || target.kind === 'box' ? undefined : target.kind;
      const fits =
        kind !== undefined &&
        row.of.includes(kind) &&
        (target.kind !== 'device' || row.protocols === undefined || (target.protocol !== undefined && row.protocols.includes(target.protocol)));
      if (fits) return () => [{ kind, name: fullName(target) }];
      const meant = row.protocols === undefined ? row.of.join(', ') : `devices of the protocol ${row.protocols.join(', ')}`;
      const shown = target.kind === 'device' ? `a device of the protocol ${target.protocol}` : kindName(target);
      this.#report.error('wrong_target', place, `${what} is for ${meant}, and \`${fullName(target)}\` is ${shown}`);
      return () => [];
    });
    if (isMain) {
      if (!row.of.includes('computer')) this.#report.error('wrong_target', place, `${what} is for ${row.of.join(', ')}, and \`${path}\` is a computer`);
      return () => [{ kind: 'computer', name: path }];
    }
    return (links) => later.flatMap((targets) => targets(links));
  }
  #isDeclared(name: string): boolean {
    for (let scope: Scope | undefined = this.#scope; scope !== undefined; scope = scope.parent) if (scope.declared.has(name)) return true;
    return false;
  }

  #fault(statement: FaultStatement, context: Context): void {
    for (const entry of statement.faults) {
      const place = placeOf(context.module, entry);
      const row = this.#row(FAULTS, entry.kind, 'fault', placeOf(context.module, entry, 'kind'));
      if (row === undefined) continue;
      const settings = readSettings(context, { what: `the fault \`${entry.kind}\``, place, rows: row.settings }, entry.settings, {
        name: row.value,
        value: entry.value,
      });
      if (row.settings.at !== undefined && settings.at === undefined && settings.every === undefined) {
        this.#report.error('missing_setting', place, `the fault \`${entry.kind}\` never comes`, {
          notes: [`say when: ${entry.kind} { at 0..10 s }, or { every 1..5 s }`],
        });
      }
      const targets = this.#targets(statement.target, row, `the fault \`${entry.kind}\``, context, statement);
      this.faults.push((links) => targets(links).map((target) => ({ target, kind: entry.kind, settings })));
      if (this.host !== undefined && this.host !== 'simulation') {
        this.#report.error('wrong_target', place, `faults are for the simulation, and all is on ${this.host}`, {
          notes: ['move it into a deployment on simulation'],
        });
      }
    }
  }

  #expect(statement: ExpectStatement, context: Context): void {
    const place = placeOf(context.module, statement);
    const row = this.#row(EXPECTATIONS, statement.what, 'expectation', placeOf(context.module, statement, 'what'));
    if (row === undefined) {
      this.#follow(statement.target, context, statement);
      return;
    }
    const settings = readSettings(context, { what: `the expectation \`${statement.what}\``, place, rows: row.settings }, statement.settings, {
      name: row.value,
      value: statement.value,
    });
    const targets = this.#targets(statement.target, row, `the expectation \`${statement.what}\``, context, statement);
    this.expectations.push((links) => targets(links).map((target) => ({ target, kind: statement.what, settings })));
  }
}
