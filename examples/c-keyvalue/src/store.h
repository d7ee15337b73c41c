/* Values by key, in a file of SQLite. */
#ifndef STORE_H
#define STORE_H

int store_open(const char *path);
int store_set(const char *key, const char *value);
/* Writes the value into buffer; returns 1 when there is one, 0 when not. */
int store_get(const char *key, char *buffer, int size);

#endif
