#include "store.h"

#include <sqlite3.h>
#include <stdio.h>

static sqlite3 *database;

int store_open(const char *path)
{
    if (sqlite3_open(path, &database) != SQLITE_OK)
        return 0;
    return sqlite3_exec(database, "create table if not exists pair (key text primary key, value text)",
                        NULL, NULL, NULL) == SQLITE_OK;
}

int store_set(const char *key, const char *value)
{
    sqlite3_stmt *statement;
    int done;

    sqlite3_prepare_v2(database, "insert or replace into pair values (?, ?)", -1, &statement, NULL);
    sqlite3_bind_text(statement, 1, key, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 2, value, -1, SQLITE_STATIC);
    done = sqlite3_step(statement) == SQLITE_DONE;
    sqlite3_finalize(statement);
    return done;
}

int store_get(const char *key, char *buffer, int size)
{
    sqlite3_stmt *statement;
    int found;

    sqlite3_prepare_v2(database, "select value from pair where key = ?", -1, &statement, NULL);
    sqlite3_bind_text(statement, 1, key, -1, SQLITE_STATIC);
    found = sqlite3_step(statement) == SQLITE_ROW;
    if (found)
        snprintf(buffer, size, "%s", (const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    return found;
}
