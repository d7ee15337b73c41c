# Sets a value and asks for it.
set -e
./keyvalue serve 7071 :memory: &
trap 'kill $!' EXIT
sleep 1
[ "$(./keyvalue ask 7071 'set a b c')" = ok ]
[ "$(./keyvalue ask 7071 'get a')" = "b c" ]
