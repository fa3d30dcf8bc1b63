# Completion of lakelab for zsh: source <(lakelab completion zsh)
_lakelab() {
    local -a before=(${words[1,CURRENT-1]}) offers
    offers=(${(f)"$(${(Q)words[1]} complete "${(j: :)before} $PREFIX" 2>/dev/null)"})
    if (( $#offers )); then
        compadd -Q -- $offers
    else
        _files
    fi
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
compdef _lakelab lakelab
