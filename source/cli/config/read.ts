import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {type ConfigFile, configRule} from '../../core/config/config.ts';
import {type Finding, pathText} from '../../core/config/rule.ts';
import {keyFindings, vocabulary} from '../../views/config/vocabulary.ts';
import type {parseDocument} from './yaml-document.ts';

/** What a config file says, or all that is wrong with it: `config.yaml:3: theme must be …`. */
export type ConfigRead = {readonly config: ConfigFile; readonly mistakes: readonly string[]};

export const configName = 'config.yaml';

/** The file in the folder of the configuration; where there is none, nothing is configured. */
export async function readConfig(folder: string): Promise<ConfigRead> {
	const file = path.join(folder, configName);
	try {
		return existsSync(file) ? await parseConfig(readFileSync(file, 'utf8'), file) : {config: {}, mistakes: []};
	} catch (error) {
		return {config: {}, mistakes: [`${file} cannot be read: ${(error as Error).message}`]};
	}
}

export async function parseConfig(text: string, file: string): Promise<ConfigRead> {
	const {LineCounter, parseDocument} = await import('./yaml-document.ts');
	const lines = new LineCounter();
	const document = parseDocument(text, {lineCounter: lines, prettyErrors: false});
	const at = (offset: number) => `${file}:${lines.linePos(offset).line}:`;
	if (document.errors.length > 0) {
		return {config: {}, mistakes: document.errors.map(({pos, message}) => `${at(pos[0])} ${message}`)};
	}

	const value: unknown = document.toJS() ?? {};
	const themes = Object.keys((value as {themes?: object | null}).themes ?? {});
	const findings = configRule(vocabulary(), themes).findings(value, []);
	const all = findings.length > 0 ? findings : keyFindings(value as ConfigFile);
	const mistakes = all.map(finding => `${at(offsetOf(document, finding))} ${textOf(finding)}`);
	return {config: mistakes.length > 0 ? {} : (value as ConfigFile), mistakes};
}

function textOf({path: where, message}: Finding): string {
	return where.length === 0 ? `the file ${message}` : `${pathText(where)} ${message}`;
}

type Ranged = {readonly range?: readonly [number, number, number] | null};
type Mapping = {readonly items?: ReadonlyArray<{readonly key: Ranged & {readonly value?: unknown}}>};

/** Where a finding is in the text: at the key that is wrong, at the value, or at the nearest that is there. */
function offsetOf(document: ReturnType<typeof parseDocument>, {path: where, isKey}: Finding): number {
	const parent = document.getIn(where.slice(0, -1), true) as Mapping | undefined;
	const key = parent?.items?.find(item => String(item.key?.value) === String(where.at(-1)))?.key;
	const node = isKey ? key : (document.getIn(where, true) as Ranged | undefined);
	const found = node?.range?.[0] ?? key?.range?.[0];
	return found ?? (where.length === 0 ? 0 : offsetOf(document, {path: where.slice(0, -1), message: '', isKey: false}));
}
