/**
 * `completion SHELL`: completes `kubectl safe-delete` beside kubectl's own completion, which it leaves as it is, and the plugin's own
 * name. For those whose installer cannot put kubectl_complete-safe_delete on PATH, as krew (krew issue 812).
 */

type Shell = 'bash' | 'zsh' | 'fish';

/** kubectl's completion reads the words behind the plugin's name; so does this, whichever of the two names was typed. */
const bash = `# bash completion for kubectl safe-delete: source <(kubectl safe-delete completion bash), after kubectl's own

__kubectl_safe_delete() {
    local line=\${COMP_LINE:0:COMP_POINT} words cur out directive choice
    read -ra words <<<"$line"
    [[ $line == *[[:space:]] || \${#words[@]} -eq 0 ]] && words+=("")
    cur=\${words[\${#words[@]}-1]}
    out=$(kubectl-safe_delete __complete "\${words[@]:$1}" 2>/dev/null) || return
    directive=\${out##*:}
    out=\${out%:*}
    if ((directive == 0)); then
        compopt -o default 2>/dev/null
        return
    fi
    ((directive & 16)) && compopt -o dirnames 2>/dev/null
    ((directive & 2)) && compopt -o nospace 2>/dev/null
    # Of --flag=value the choices are values; readline splits there, and at what else COMP_WORDBREAKS says.
    local prefix=""
    if [[ $cur == -*=* ]]; then
        [[ $COMP_WORDBREAKS == *=* ]] || prefix="\${cur%%=*}="
        cur=\${cur#*=}
    fi
    local colons=""
    [[ $cur == *:* && $COMP_WORDBREAKS == *:* ]] && colons=\${cur%"\${cur##*:}"}
    COMPREPLY=()
    while IFS='' read -r choice; do
        choice=\${choice%%$'\\t'*}
        [[ -n $choice ]] && COMPREPLY+=("$prefix\${choice#"$colons"}")
    done <<<"$out"
}

__kubectl_safe_delete_alone() {
    __kubectl_safe_delete 1
}

# Only where no kubectl_complete-safe_delete is on PATH, which kubectl's own completion would run.
__kubectl_with_safe_delete() {
    if [[ \${COMP_WORDS[1]} == safe-delete || \${COMP_WORDS[1]} == safe_delete ]] && ((COMP_CWORD > 1)); then
        __kubectl_safe_delete 2
    elif declare -F __start_kubectl >/dev/null; then
        __start_kubectl
    fi
}

complete -F __kubectl_safe_delete_alone kubectl-safe_delete
if ! type -P kubectl_complete-safe_delete >/dev/null; then
    complete -o default -F __kubectl_with_safe_delete kubectl
fi
`;

const zsh = `#compdef kubectl-safe_delete
# zsh completion for kubectl safe-delete: source <(kubectl safe-delete completion zsh), after kubectl's own

__kubectl_safe_delete() {
    local -a given choices
    local out directive line value prefix=""
    given=("\${(@)words[$(($1 + 1)),$CURRENT]}")
    out=$(kubectl-safe_delete __complete "\${given[@]}" 2>/dev/null) || return
    directive=\${out##*:}
    out=\${out%:*}
    if ((directive == 0)); then
        _files
        return
    fi
    if ((directive & 16)); then
        _files -/
        return
    fi
    [[ \${words[CURRENT]} == -*=* ]] && prefix=\${words[CURRENT]%%=*}=
    for line in "\${(@f)out}"; do
        [[ -n $line ]] || continue
        value=\${line%%$'\\t'*}
        value=\${value//:/\\\\:}
        if [[ $line == *$'\\t'* ]]; then
            choices+=("$value:\${line#*$'\\t'}")
        else
            choices+=("$value")
        fi
    done
    local -a options
    ((directive & 2)) && options=(-S '')
    [[ -n $prefix ]] && compset -P "$prefix"
    _describe -V 'kubectl safe-delete' choices "\${options[@]}"
}

__kubectl_safe_delete_alone() {
    __kubectl_safe_delete 1
}

__kubectl_with_safe_delete() {
    if ((CURRENT > 2)) && [[ \${words[2]} == safe-delete || \${words[2]} == safe_delete ]]; then
        __kubectl_safe_delete 2
    elif ((\${+functions[_kubectl]})); then
        _kubectl
    else
        _default
    fi
}

if ((\${+functions[compdef]})); then
    compdef __kubectl_safe_delete_alone kubectl-safe_delete
    ((\${+commands[kubectl_complete-safe_delete]})) || compdef __kubectl_with_safe_delete kubectl
fi
`;

const fish = `# fish completion for kubectl safe-delete: kubectl safe-delete completion fish | source, after kubectl's own

function __kubectl_safe_delete
    # In quotes: an empty word counts too.
    set -l token (commandline -ct)
    set -l words (commandline -opc) "$token"
    set -l from 2
    test (basename $words[1]) = kubectl; and set from 3
    set -l prefix (string match -r -- '^-[^=]+=' $words[-1])
    set -l out (kubectl-safe_delete __complete $words[$from..-1] 2>/dev/null)
    or return
    set -l directive (string replace -- : '' $out[-1])
    if test $directive -eq 0
        __fish_complete_path (commandline -ct)
        return
    end
    if test $directive -eq 16
        __fish_complete_directories (commandline -ct)
        return
    end
    test (count $out) -gt 1; or return
    for choice in $out[1..-2]
        echo -- "$prefix$choice"
    end
end

function __kubectl_is_safe_delete
    set -l words (commandline -opc)
    test (count $words) -ge 2; and contains -- $words[2] safe-delete safe_delete
end

complete -c kubectl-safe_delete -f -a '(__kubectl_safe_delete)'
if not type -q kubectl_complete-safe_delete
    complete -c kubectl -n __kubectl_is_safe_delete -f -a '(__kubectl_safe_delete)'
end
`;

const scripts: Readonly<Record<Shell, string>> = { bash, zsh, fish };

/** What a shell reads to complete the plugin's command line. */
export const completionScript = (shell: Shell): string => scripts[shell];
