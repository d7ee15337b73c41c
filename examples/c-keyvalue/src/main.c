/* keyvalue serve PORT FILE: answers lines "get KEY" and "set KEY VALUE" over TCP.
 * keyvalue ask PORT LINE: sends one line and prints the answer. */
#include "store.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct sockaddr_in address(int port, unsigned long host)
{
    struct sockaddr_in made = {0};

    made.sin_family = AF_INET;
    made.sin_port = htons(port);
    made.sin_addr.s_addr = htonl(host);
    return made;
}

static void answer(FILE *peer)
{
    char line[1024], key[128], value[512];

    if (!fgets(line, sizeof line, peer))
        return;
    if (sscanf(line, "set %127s %511[^\n]", key, value) == 2)
        fprintf(peer, store_set(key, value) ? "ok\n" : "error\n");
    else if (sscanf(line, "get %127s", key) == 1)
        fprintf(peer, "%s\n", store_get(key, value, sizeof value) ? value : "none");
    else
        fprintf(peer, "what?\n");
}

static int serve(int port, const char *path)
{
    struct sockaddr_in here = address(port, INADDR_ANY);
    int on = 1, listening = socket(AF_INET, SOCK_STREAM, 0);

    setsockopt(listening, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (!store_open(path) || bind(listening, (struct sockaddr *)&here, sizeof here) || listen(listening, 16)) {
        perror("keyvalue");
        return 1;
    }
    signal(SIGPIPE, SIG_IGN);
    for (;;) {
        FILE *peer = fdopen(accept(listening, NULL, NULL), "r+");
        if (peer) {
            answer(peer);
            fclose(peer);
        }
    }
}

static int ask(int port, const char *question)
{
    struct sockaddr_in there = address(port, INADDR_LOOPBACK);
    int connected = socket(AF_INET, SOCK_STREAM, 0);
    char reply[1024];
    ssize_t size;

    if (connect(connected, (struct sockaddr *)&there, sizeof there)) {
        perror("keyvalue");
        return 1;
    }
    dprintf(connected, "%s\n", question);
    while ((size = read(connected, reply, sizeof reply)) > 0)
        fwrite(reply, 1, size, stdout);
    return 0;
}

int main(int count, char **words)
{
    if (count == 4 && !strcmp(words[1], "serve"))
        return serve(atoi(words[2]), words[3]);
    if (count == 4 && !strcmp(words[1], "ask"))
        return ask(atoi(words[2]), words[3]);
    fprintf(stderr, "usage: keyvalue serve PORT FILE | keyvalue ask PORT LINE\n");
    return 2;
}
