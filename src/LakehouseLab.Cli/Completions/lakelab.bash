# Completion of lakelab for bash: source <(lakelab completion bash)
_lakelab() {
    local IFS=$'\n' line=${COMP_LINE:0:COMP_POINT}
    local word=${line##*[[:space:]]} kept=
    # readline replaces only what follows the last = or : of a word.
    if [[ $word == *[=:]* && $COMP_WORDBREAKS == *=* ]]; then
        kept=${word%"${word##*[=:]}"}
    fi
    COMPREPLY=($("$1" complete "$line" 2>/dev/null))
    COMPREPLY=("${COMPREPLY[@]#"$kept"}")
}
complete -o bashdefault -o default -F _lakelab lakelab
