import type {ContainerOptions, Ulimit} from '../model/index.ts';
import {also, type Check, flag, integer, list, oneOf, optional, type Problem, record, shape, text} from './check.ts';
import {labels} from './labels-check.ts';

/* What a service's template may say of its containers, on whatever engine. */

const word = (allowed: string, pattern: RegExp, maxLength = 255): Check => text(maxLength, allowed, pattern);
const printed = /^[^\s\x00-\x1f\x7f-\x9f]+$/;
const line = /^[^\x00-\x1f\x7f-\x9f]*$/;
const hostName = /^[0-9A-Za-z_]([-0-9A-Za-z._]*[0-9A-Za-z_])?$/;
const address = /^(\d{1,3}(\.\d{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]+)$/;
const host = /^[0-9A-Za-z_]([-0-9A-Za-z._]*[0-9A-Za-z_])?:(\d{1,3}(\.\d{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]+)$/;
const capability = word('a capability such as CAP_NET_ADMIN, or ALL', /^(ALL|CAP_[A-Z_]+)$/, 64);
const unlimited = -1;
const mostLimit = Number.MAX_SAFE_INTEGER;

const ulimit = also<Ulimit>(
	shape({soft: integer(unlimited, mostLimit), hard: integer(unlimited, mostLimit)}),
	({soft, hard}, path) => {
		const isBeyond = hard !== unlimited && (soft === unlimited || soft > hard);
		return isBeyond ? [{path: `${path}.soft`, message: `must be at most what hard says, ${hard}, found ${soft}`}] : [];
	},
);

const members = shape({
	labels: optional(labels),
	hostname: optional(word('a host name such as web-1.example.org', hostName, 63)),
	hosts: optional(list(256, word('NAME:ADDRESS, such as db:10.0.0.5', host, 512))),
	dns: optional(list(16, word('an address such as 10.0.0.53', address, 64))),
	dnsSearch: optional(list(32, word('a domain such as example.org', /^(\.|[0-9A-Za-z_]([-0-9A-Za-z._]*)?)$/, 253))),
	dnsOptions: optional(list(32, word('an option such as ndots:2', printed))),
	entrypoint: optional(list(1000, text(131_071))),
	init: optional(flag),
	groups: optional(list(64, word('a group by name or number', /^[^\s:\x00-\x1f\x7f-\x9f]+$/))),
	readOnly: optional(flag),
	oomScoreAdj: optional(integer(-1000, 1000)),
	swapBytes: optional(integer(unlimited, mostLimit)),
	swappiness: optional(integer(0, 100)),
	capAdd: optional(list(64, capability)),
	capDrop: optional(list(64, capability)),
	sysctls: optional(
		record(
			256,
			{allowed: 'the name of a kernel parameter such as net.core.somaxconn', pattern: /^[\w-]+([./][\w-]+)+$/},
			word('a text of one line', line, 4096),
		),
	),
	ulimits: optional(record(32, {allowed: 'the name of a limit such as nofile', pattern: /^[a-z]{2,16}$/}, ulimit)),
	isolation: optional(oneOf('process', 'hyperv')),
	credentialSpec: optional(
		word('config://NAME, file://NAME or registry://KEY', /^(config|file|registry):\/\/[^\x00-\x1f\x7f-\x9f]+$/, 512),
	),
	log: optional(
		shape({
			driver: optional(word('the name of a log driver such as local', printed)),
			options: optional(
				record(
					64,
					{allowed: 'the name of an option such as max-size', pattern: /^[^\s=\x00-\x1f\x7f-\x9f]{1,255}$/},
					text(4096),
				),
			),
		}),
	),
	noHealthcheck: optional(flag),
});

export const container = also<ContainerOptions>(members, ({capAdd = [], capDrop = []}, path): Problem[] => {
	const both = capAdd.find(name => capDrop.includes(name));
	return both === undefined ? [] : [{path: `${path}.capDrop`, message: `drops ${both}, which is added, too`}];
});

/** So many of each kind of what nodes have been told to offer. */
export const generic = record(
	64,
	{allowed: 'the name of a kind such as gpu or example.org/gpu', pattern: /^[0-9A-Za-z]([-\w./]*[0-9A-Za-z])?$/},
	integer(1, 1_000_000),
);
