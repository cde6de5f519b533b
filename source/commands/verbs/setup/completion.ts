import {choice} from '../../../actions/fields/fields.ts';
import {defineVerb} from '../../verb.ts';

const shells = ['bash', 'zsh', 'fish'] as const;

/** Each asks `muster completion words` for what can follow, so that a script never grows old. */
const scripts: Readonly<Record<(typeof shells)[number], string>> = {
	bash: `# muster completion bash >> ~/.bashrc
_muster() {
	local IFS=$'\\n' current=\${COMP_WORDS[COMP_CWORD]}
	COMPREPLY=($(compgen -W "$(muster completion words -- "\${COMP_WORDS[@]:1:COMP_CWORD-1}" 2>/dev/null)" -- "$current"))
}
complete -o default -F _muster muster
`,
	zsh: `#compdef muster
# muster completion zsh > "\${fpath[1]}/_muster"
_muster() {
	local -a found
	found=(\${(f)"$(muster completion words -- "\${(@)words[2,CURRENT-1]}" 2>/dev/null)"})
	compadd -a found || _files
}
compdef _muster muster
`,
	fish: `# muster completion fish > ~/.config/fish/completions/muster.fish
complete -c muster -f -a '(muster completion words -- (commandline -opc)[2..-1] 2>/dev/null)'
`,
};

export const completion = defineVerb({
	operands: [{name: 'bash|zsh|fish'}, {name: 'WORD', optional: true, many: true}],
	fields: {},
	details: 'Prints a script for the shell, which says where it belongs.',
	async run(call) {
		const {host, operands} = call;
		const [asked = '', ...words] = operands;
		if (asked === 'words') {
			const {wordsAfter} = await import('../../completion-words.ts');
			host.stdout.write((await wordsAfter(words, call)).map(word => `${word}\n`).join(''));
			return 0;
		}

		host.stdout.write(scripts[choice('', shells).parse(asked)]);
		return 0;
	},
});
