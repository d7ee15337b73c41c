# Prints one small JSON object for every status of an access log.
match($0, /" ([0-9][0-9][0-9]) /, found) { count[found[1]]++ }
END { for (status in count) printf "{\"%s\": %d}\n", status, count[status] }
