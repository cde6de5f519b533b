import {expect, test} from 'vitest';
import {readTyped} from '../../../source/views/bar/typed.ts';

/** The namespace is told behind an `@`. */
test.each([
	['po', 'po ()'],
	['  PO   web  one ', 'po (web  one)'],
	['po -A', 'po () @all'],
	['cm --all-namespaces', 'cm () @all'],
	['po -n shop', 'po () @shop'],
	['po -n=shop web', 'po (web) @shop'],
	['po -nshop', 'po () @shop'],
	['po web --namespace shop', 'po (web) @shop'],
	['po --namespace=shop', 'po () @shop'],
	['po -n', 'po ()'],
	['po -l app=web -A', 'po (-l app=web) @all'],
	['po --selector app=web', 'po (-l app=web)'],
	['po --selector=app=web', 'po (-l app=web)'],
	['get cm -A', 'get (cm) @all'],
	['po /a  b', 'po (/a  b)'],
])('%s', (text, expected) => {
	const {word, rest, namespace} = readTyped(text);
	expect(`${word} (${rest})${namespace === undefined ? '' : ` @${namespace}`}`).toBe(expected);
});
