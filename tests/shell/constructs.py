"""Constructs of the shell language, and which shells take them.

Each row: the script, then ``d`` (dash), ``a`` (busybox ash), ``b`` (bash) for each dialect
in which it must be read. The tests ask the shells themselves too; where we decline what a
shell takes, the row says so with the capital letter: ``D``, ``A``, ``B``.
"""

from __future__ import annotations

ROWS: list[tuple[str, str]] = [
    # simple commands and redirections
    ("ls", "dab"), ("a=1", "dab"), ("a= b=2 ls -l", "dab"), ("a=$(ls) b", "dab"), ("1a=b", "dab"),
    ('"a"=b', "dab"), ("a+=b", "dab"), ("a[0]=1", "dab"), (">f", "dab"), ("<f >g ls 2>&1", "dab"),
    ("10>f ls", "dab"), ("{fd}>f ls", "dab"), ("echo a2>f", "dab"), ("echo 2 >f", "dab"), ("echo >| f", "dab"),
    ("echo <&- >&- 3<>f", "dab"), ("echo >&f", "dab"), ("echo &>f", "dab"), ("echo &>>f", "db"),
    ("echo 2>&1>f", "b"), ("echo >1>f", ""), ("echo >", ""), ("echo > > f", ""), ("echo <<<x", "b"),
    ("cat <(ls) >(cat)", "ab"), ("echo a<(b)", "ab"), ("a=1 then", "dab"), (">f if", "dab"), ("echo then fi }", "dab"),
    # lists
    ("a && b || c; d & e", "dab"), ("a &", "dab"), ("a & b &", "dab"), ("a\n\n\nb", "dab"), ("a &&\n\nb", "dab"),
    ("a |\nb", "dab"), ("a;\nb;", "dab"), ("a; ;", ""), ("a;;", ""), (";a", ""), ("a &;", ""), ("a && ", ""),
    ("&& a", ""), ("| a", ""), ("a | | b", ""), ("a & && b", ""), ("a\n| b", ""), ("a)", ""), ("", "dab"),
    ("# only a comment", "dab"), ("a #b (", "dab"), ("a#b", "dab"), ("a;#b", "dab"), ("a |& b", "b"),
    ("! a", "dab"), ("! a | b", "dab"), ("! ! a", "b"), ("!", "b"), ("a | ! b", ""), ("!(a)", "dab"), ("!a", "dab"),
    ("time a", "dab"), ("time -p a | b", "dab"), ("time", "dab"), ("time { a; }", "b"), ("a | time b", "dab"),
    # compound commands
    ("( a )", "dab"), ("(a;b)", "dab"), ("( )", ""), ("(a) >f", "dab"), ("(a) b", ""), ("( (a); (b) )", "dab"),
    ("{ a; }", "dab"), ("{ a }", ""), ("{ }", ""), ("{a;}", ""), ("{(a)}", "dab"), ("{ a; } >f 2>&1", "dab"),
    ("{ a; } { b; }", ""), ("}", ""), ("if a; then b; fi", "dab"), ("if(a)then(b)fi", "dab"),
    ("if a\nthen b\nelif c; then d\nelse e\nfi >f", "dab"), ("if a; then fi", ""), ("if ; then a; fi", ""),
    ("if a; then b; else; fi", ""), ("if a; then b; fi c", ""), ("while a; do b; done", "dab"),
    ("until a; do b; done <f", "dab"), ("while a; do; done", ""), ("for i in a b; do c; done", "dab"),
    ("for i; do c; done", "dab"), ("for i do c; done", "dab"), ("for i\nin a\ndo c\ndone", "dab"),
    ("for i in; do c; done", "dab"), ("for i in a b do c; done", ""), ("for i in a & do b; done", ""),
    ("for i in a; { b; }", "b"), ("for i-j in a; do b; done", "B"), ("for ((i=0; i<$(x); i++)); do a; done", "b"),
    ("select x in a; do b; done", "b"), ("case x in esac", "dab"), ("case x in a) ;; (b|c) d;; *) e; esac", "dab"),
    ("case x in\na)\nb\n;;\nesac", "dab"), ("case x in esac) a;; esac", ""), ("case x in (esac) a;; esac", "dab"),
    ("case x in a b) c;; esac", ""), ("case x in a) b;& c) d;; esac", "b"), ("case x in a) b;;& c) d;; esac", "b"),
    ("f() { a; }", "dab"), ("f ( )\n{ a; }", "dab"), ("f() (a)", "dab"), ("f() a", "da"), ("f() { a; } b", ""),
    ("f-g() { a; }", "b"), ("function f { a; }", "ab"), ("function f() { a; }", "ab"), ("function { a; }", ""),
    ("f() [[ a ]]", "dab"), ("a (b)", ""), ("a b(c)", ""), ("((x=1))", "dab"), ("((a); b)", "dab"),
    ("((a) | b)", "dab"), ("(( (1) + 2 ))", "b"), ("((1)", ""), ("coproc a", "daB"), ("then a", ""), ("in", ""),
    # tests
    ("[ a = b ]", "dab"), ("[ ( a ) ]", ""), ("[[ a == b ]]", "dab"), ("[[ a && b ]]", "dab"), ("[[ a && ( b || ! -f c ) ]]", "b"),
    ("[[ $a =~ ^(x|y)+$ ]]", "b"), ("[[ a == !(b|c) ]]", "b"), ("[[ a\n&& b ]]", ""), ("[[ -n a\n&& b ]]", "b"), ("[[ a &&\nb ]]", "dAb"), ("[[ a < b ]]", "dAb"),
    ("[[ a ]] b", "dA"), ("[[ a b ]]", "da"), ("[[ -f ]]", "da"), ("[[ ]]", "daB"), ("[[ a", "dA"), ("[[a ]]", "dab"),
    # words
    ("echo 'a", ""), ('echo "a', ""), ("echo a\\", "dab"), ("echo \"a\\\"b\" 'c'\\''d'", "dab"), ("echo $'a\\'b'", "ab"),
    ('echo $"a"', "dab"), ("echo \"$\" $ '$'", "dab"), ("echo $1 ${10} $@ $* $# $? $- $$ $! $0", "dab"),
    ("echo ${x:-y} ${x:=y} ${x:?y} ${x:+y} ${x-y}", "dab"), ("echo ${x##*/} ${x%.*} ${#x} ${##} ${#}", "dab"),
    ("echo ${x:0:1} ${x//a/b} ${x/a/} ${x^^} ${x,,} ${x@Q} ${!x} ${!x*}", "dab"), ("echo ${x[0]} ${x[@]:1}", "dab"),
    ("echo ${x:-'}'} ${x:-\"}\"} ${x:-\\}}", "dab"), ("echo \"${x:-'}\"", "da"), ("echo \"${x#'}'}\"", "dab"),
    ("echo ${x:-${y:-$(z)}}", "dab"), ("echo ${x", ""), ("echo ${x:-$(a}", ""), ("echo ${x y}", "DAB"), ("echo ${}", "DAB"),
    ('echo `a` "`b`" `c \\`d\\``', "dab"), ("echo `a", ""), ("echo `a;;`", "DAB"), ("echo `# note` b", "dab"),
    ('echo "`a \\"b\\"`"', "dab"), ("echo $(a) $( ) $(a;b) $(a\n) $(# c\na)", "dab"), ("echo $(a", ""), ("echo $(a;;)", ""),
    ("echo $(case x in a) b;; esac)", "dab"), ("echo $(echo ')' \")\" \\) ${x%)})", "dab"), ("echo $((1 + (2)))", "dab"),
    ("echo $((1)", ""), ("echo $((a) | b)", "b"), ("echo $((`a` + $(b) + ${c}))", "dab"), ("echo $[1+2]", "dab"),
    ("echo x-$V-y-$W.tgz lib/`a`b", "dab"), ("echo *.c ~ {a,b} [x]", "dab"), ("echo !(a|b)", ""),
    ('a=(1 "2"\n# c\n3)', "b"), ("a=(b) c", "b"), ("a+=(b)", "b"), ("declare -a x=(a b)", "b"), ("c a=(b)", ""), ("a=(b;c)", ""),
    ("a[$(b)]=c", "daB"), ("echo a\\\nb \\\n c", "dab"), ("i\\\nf a; then b; fi", "DAB"), ("a &\\\n& b", "DAB"), ("a &&\\\nb", "dab"),
    ("echo $\\\nx", "DAB"), ("echo a\rb", "dab"), ("echo é\u00a0x", "dab"),
    # here-documents
    ("cat <<E\nx $y\nE", "dab"), ("cat <<E\nx", "dab"), ("cat <<E", "dab"), ("cat <<-E\n\tx\n\tE\nls", "dab"), ("cat <<'E'\n$(\nE", "dab"),
    ("cat <<E\n$(a)`b`${c}$((1))\nE", "dab"), ("cat <<E\n$(\nE", "B"), ("cat <<E && ls\nx\nE\npwd", "dab"), ("cat <<E <<F\n1\nE\n2\nF", "dab"),
    ("(cat <<E)\nx\nE", "dab"), ("$(cat <<E\nx\nE\n)", "dab"), ("$(cat <<E)\nx\nE", "DAB"), ("cat <<\nE", ""), ("if cat <<E; then\nx\nE\nls; fi", "dab"),
    ('cat <<"A B"\n$(\nA B', "dab"), ("cat <<$(x)\n1\n$(x)", "B"), ("cat <<E 'a\nb'\nx\nE", "dab"),
]  # fmt: skip
