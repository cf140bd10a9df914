#!/bin/sh
# Logs in and out, then asks with the same token once more: `sh logout.sh [API]`.
# EMAIL and PASSWORD name another account. Exits with 0 where the token is dead, else with 1.
api=${1:-http://localhost:5173/api}

# What is secret comes by standard input: the arguments of a program are for everyone on the machine to see.
call() {
  curl --silent --show-error --include --max-time 10 --request "$1" --header 'Content-Type: application/json' \
    "$3" @- "$api/auth/$2" 2>&1 | tr -d '\r'
}
pick() { printf '%s\n' "$1" | sed -n "s/$2/\1/p" | grep . || echo "$3"; }

credentials="{\"email\":\"${EMAIL:-demo@example.com}\",\"password\":\"${PASSWORD:-remember-nothing}\"}"
logout=$(printf '%s' "$credentials" | call POST login --data)
token=$(pick "$logout" '.*"token":"\([^"]*\)".*' '')
if [ "$token" ]; then
  logout=$(printf 'Authorization: Bearer %s' "$token" | call POST logout --header)
  after=$(printf 'Authorization: Bearer %s' "$token" | call GET user --header)
fi

echo "user: $(pick "$logout" '.*"user":\({[^}]*}\).*' null)"
echo "token: $(pick "$logout" '.*"token":"\([^"]*\)".*' null)"
echo "status: $(pick "$logout" '^HTTP[^ ]* \([0-9]*\).*' 0)"
echo "statusText: $(pick "$logout" '^HTTP[^ ]* [0-9]* \(.*\)' '')"
echo "error: $(pick "$logout" '.*"message":"\([^"]*\)".*' "$(pick "$logout" '^curl: \(.*\)' null)")"
afterwards=$(pick "$after" '^HTTP[^ ]* \(.*\)' '0 ')
echo "afterwards: $afterwards"
[ "${afterwards%% *}" = 401 ]
