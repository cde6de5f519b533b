import {expect, test} from 'vitest';
import {parse} from 'yaml';
import {parsePlainYaml} from '../../../../source/backends/k8s/connection/plain-yaml.ts';

/** Read as a whole parser reads it. */
function reads(title: string, text: string): void {
	test(`reads ${title}`, () => {
		expect(parsePlainYaml(text)).toEqual(parse(text));
	});
}

/** Left to the whole parser. */
function leaves(title: string, text: string): void {
	test(`leaves ${title}`, () => {
		expect(parsePlainYaml(text)).toBeUndefined();
	});
}

reads(
	'a kubeconfig as kubectl writes it',
	`apiVersion: v1
kind: Config
clusters:
- cluster:
    certificate-authority-data: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==
    server: https://127.0.0.1:6443
  name: here
contexts:
- context:
    cluster: here
    user: me
    namespace: ""
  name: me@here
current-context: me@here
preferences: {}
users:
- name: me
  user:
    exec:
      command: aws
      args:
      - --region
      - eu-west-1
      env:
      - name: A
        value: 'x y'
      provideClusterInfo: false
`,
);
reads('lists that stand deeper than their key', 'a:\n  - b: x\n    c: y\n  - b: z\nd:\n    e: f\n');
reads('comments, empty lines and what has no value', '# one\n---\na:\nb: x\n\n  # two\nc:\n- d:\n  e:\n- f\n');
reads('colons and hashes within words', 'a: http://x:80/#y\nb: c#d\n');
leaves('numbers', 'a: 12\n');
leaves('numbers with letters', 'a: 1e3\n');
leaves('words for nothing and yes', 'a: ~\n');
leaves('texts on several lines', 'a: |\n  b\n');
leaves('a text that goes on', 'a: b\n  c\n');
leaves('flow', 'a: {b: c}\n');
leaves('anchors', 'a: &x b\nc: *x\n');
leaves('tags', 'a: !!str b\n');
leaves('comments behind a value', 'a: b # c\n');
leaves('a mapping in a text', 'a: b: c\n');
leaves('escapes', 'a: "b\\n"\n');
leaves('tabs', 'a:\tb\n');
leaves('a key that is there twice', 'a: b\na: c\n');
leaves('a member that comes from nowhere', 'a: b\n   c: d\n');
leaves('less depth than anything before it', 'a:\n    b: c\n  d: e\n');
leaves('lists in lists', '- - a\n');
leaves('a list where a mapping is', 'a: b\n- c\n');
leaves('several documents', 'a: b\n---\nc: d\n');
leaves('a name that means something here', '__proto__: x\n');
