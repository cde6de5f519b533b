import type {Ulimit} from '../../core/model/index.ts';
import {exactBytes} from '../../core/text/units.ts';
import type {Field} from '../action.ts';
import {bytes, choice, integer, many, pair, refuse, text, toggle} from '../fields/fields.ts';

/* Docker's rarer flags, under docker's names. Which engine has which is in core/spec/engine-options.ts. */

/** `net_admin` → `CAP_NET_ADMIN`. */
function capability(help: string): Field<string> {
	const field = text(help, 'CAPABILITY');
	return {
		...field,
		parse(found) {
			const name = field.parse(found).toUpperCase();
			return name === 'ALL' || name.startsWith('CAP_') ? name : `CAP_${name}`;
		},
	};
}

export type NamedUlimit = Ulimit & {readonly name: string};

function ulimit(help: string): Field<NamedUlimit> {
	return {
		help,
		placeholder: 'NAME=SOFT[:HARD]',
		parse(found) {
			const [, name, soft, hard = soft] = /^([a-z]+)=(-1|\d+)(?::(-1|\d+))?$/.exec(found) ?? [];
			if (name === undefined) {
				throw refuse(found, 'a limit: NAME=SOFT[:HARD], such as nofile=1024:4096; -1 is no limit');
			}

			return {name, soft: Number(soft), hard: Number(hard)};
		},
		format: ({name, soft, hard}) => `${name}=${soft}${soft === hard ? '' : `:${hard}`}`,
	};
}

function swap(help: string): Field<number> {
	const field = bytes(help);
	const unlimited = '-1';
	return {
		...field,
		parse: found => (found === unlimited ? -1 : field.parse(found)),
		format: amount => (amount < 0 ? unlimited : exactBytes(amount)),
	};
}

export type GenericAmount = {readonly kind: string; readonly amount: number};

function generic(help: string): Field<GenericAmount> {
	return {
		help,
		placeholder: 'KIND=N',
		parse(found) {
			const [, kind, amount] = /^([^=\s]+)=(\d+)$/.exec(found) ?? [];
			if (kind === undefined || amount === undefined) {
				throw refuse(found, 'so many of a kind: KIND=N, such as gpu=2');
			}

			return {kind, amount: Number(amount)};
		},
		format: ({kind, amount}) => `${kind}=${amount}`,
	};
}

/** Of `service create` and `service update`. */
export const containerFields = {
	capAdd: many(capability('Give containers a capability of Linux: NET_ADMIN, or ALL')),
	capDrop: many(capability('Take a capability of Linux from containers')),
	containerLabel: many(pair('Set a label of the containers')),
	credentialSpec: text('Windows: the managed account: config://NAME, file://NAME or registry://KEY', 'SPEC'),
	dns: many(text('Ask this name server', 'ADDRESS')),
	dnsOption: many(text('An option for asking names: ndots:2', 'OPTION')),
	dnsSearch: many(text('A domain in which plain names are looked for', 'DOMAIN')),
	endpointMode: choice('How its name is resolved: to one address (vip), or to those of its instances (dnsrr)', [
		'vip',
		'dnsrr',
	]),
	entrypoint: text("Run this in the place of the image's own entrypoint, as one text", 'COMMAND'),
	genericResource: many(generic('Reserve so many of what nodes have been told to offer')),
	group: many(text('A further group of the user', 'GROUP')),
	host: many(text('A further name that containers know', 'NAME:ADDRESS')),
	hostname: text('Host name of the containers', 'NAME'),
	init: toggle('Have an init as first process, which hands signals on'),
	isolation: choice('Windows: how containers are kept apart', ['default', 'process', 'hyperv']),
	limitPids: integer('Processes and threads that an instance may have at most; 0: no limit', {min: 0}),
	logDriver: text('Where the engine puts what is printed: local, json-file, journald, …', 'DRIVER'),
	logOpt: many(pair('An option of the log driver: max-size=10m')),
	memorySwap: swap('Swap that an instance may use beyond its --limit-memory; -1: no limit'),
	memorySwappiness: integer('From 0, swapped out last, to 100; -1: as the machine has it', {min: -1, max: 100}),
	noHealthcheck: toggle('Make no health check, whatever the image says'),
	oomScoreAdj: integer('From -1000, ended last where the memory runs out, to 1000', {min: -1000, max: 1000}),
	readOnlyRoot: toggle("The image's files cannot be written: docker's --read-only"),
	sysctl: many(pair('Set a kernel parameter of the containers: net.core.somaxconn=1024')),
	ulimit: many(ulimit('Set a limit of the containers; -1: none')),
};

/** Of `service update` besides. */
export const containerChangeFields = {
	containerLabelAdd: many(pair('As --container-label')),
	containerLabelRm: many(text('Take a label of the containers away', 'KEY')),
	dnsAdd: many(text('As --dns', 'ADDRESS')),
	dnsRm: many(text('No longer ask this name server', 'ADDRESS')),
	dnsOptionAdd: many(text('As --dns-option', 'OPTION')),
	dnsOptionRm: many(text('Take an option for asking names away', 'OPTION')),
	dnsSearchAdd: many(text('As --dns-search', 'DOMAIN')),
	dnsSearchRm: many(text('Take such a domain away', 'DOMAIN')),
	genericResourceAdd: many(generic('As --generic-resource')),
	genericResourceRm: many(text('Reserve no more of a kind', 'KIND')),
	groupAdd: many(text('As --group', 'GROUP')),
	groupRm: many(text('Take a further group away', 'GROUP')),
	hostAdd: many(text('As --host', 'NAME:ADDRESS')),
	hostRm: many(text('Take a further name away', 'NAME:ADDRESS')),
	sysctlAdd: many(pair('As --sysctl')),
	sysctlRm: many(text('Leave a kernel parameter as it is', 'NAME')),
	ulimitAdd: many(ulimit('As --ulimit')),
	ulimitRm: many(text('Take a limit away', 'NAME')),
};
