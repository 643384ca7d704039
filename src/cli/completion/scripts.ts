/** What a shell reads to complete command lines: it asks `authwire __complete` with the words up to the cursor. */
export const SCRIPTS = {
  bash: `_authwire() {
  local IFS=$'\\n'
  COMPREPLY=($(authwire __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _authwire authwire
`,
  zsh: `#compdef authwire
_authwire() {
  local -a found
  found=("\${(@f)$(authwire __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${found[1]}" ]]; then compadd -- $found; else _files; fi
}
if [[ "\${funcstack[1]}" = _authwire ]]; then _authwire "$@"; else compdef _authwire authwire; fi
`,
  fish: `function __authwire_complete
  set -l words (commandline -opc)
  authwire __complete -- $words[2..-1] (commandline -ct) 2>/dev/null
end
complete -c authwire -a '(__authwire_complete)'
`,
} as const;
