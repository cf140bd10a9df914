#!/bin/sh
# Logs in, refreshes where the API can, logs out, then asks with the same tokens once more: `sh logout.sh [API]`.
# EMAIL and PASSWORD name another account. Exits with 0 where they are dead, else with 1.
api=${1:-http://localhost:5173/api}

# What is secret comes by standard input: the arguments of a program are for everyone on the machine to see.
call() {
  curl --silent --show-error --include --max-time 10 --request "$1" --header 'Content-Type: application/json' \
    "$3" @- "$api/auth/$2" 2>&1 | tr -d '\r'
}
pick() { printf '%s\n' "$1" | sed -n "s/$2/\1/p" | grep . || echo "$3"; }

credentials="{\"email\":\"${EMAIL:-demo@example.com}\",\"password\":\"${PASSWORD:-remember-nothing}\"}"
refresh() { [ -z "$1" ] || printf '{"refreshToken":"%s"}' "$1" | call POST refresh --data; }
token='.*"token":"\([^"]*\)".*'
refresh_token='.*"refreshToken":"\([^"]*\)".*'
code='^HTTP[^ ]* \(.*\)'

logout=$(printf '%s' "$credentials" | call POST login --data)
live_refresh_token=$(pick "$logout" "$refresh_token" '')
refreshed=$(refresh "$live_refresh_token")
live_token=$(pick "$refreshed" "$token" "$(pick "$logout" "$token" '')")
live_refresh_token=$(pick "$refreshed" "$refresh_token" "$live_refresh_token")
if [ "$live_token" ]; then
  logout=$(printf 'Authorization: Bearer %s' "$live_token" | call POST logout --header)
  after=$(printf 'Authorization: Bearer %s' "$live_token" | call GET user --header)
fi
refreshed_after=$(refresh "$live_refresh_token")

echo "user: $(pick "$logout" '.*"user":\({[^}]*}\).*' null)"
echo "token: $(pick "$logout" "$token" null)"
echo "status: $(pick "$logout" '^HTTP[^ ]* \([0-9]*\).*' 0)"
echo "statusText: $(pick "$logout" '^HTTP[^ ]* [0-9]* \(.*\)' '')"
echo "error: $(pick "$logout" '.*"message":"\([^"]*\)".*' "$(pick "$logout" '^curl: \(.*\)' null)")"
afterwards=$(pick "$after" "$code" '0 ')
echo "afterwards: $afterwards"
describe() { [ "$1" ] && pick "$2" "$code" '0 ' || echo none; }
refresh_afterwards=$(describe "$live_refresh_token" "$refreshed_after")
echo "refresh: $(describe "$live_refresh_token" "$refreshed")"
echo "refresh afterwards: $refresh_afterwards"
[ "${afterwards%% *}" = 401 ] && case ${refresh_afterwards%% *} in none | 400 | 401 | 403) ;; *) false ;; esac
