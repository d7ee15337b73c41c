<?php

/** Entries of guests in a file of SQLite. */
final class Guestbook
{
    private PDO $database;

    public function __construct(string $path)
    {
        $this->database = new PDO("sqlite:$path");
        $this->database->exec('create table if not exists entry (name text, words text)');
    }

    public function add(string $name, string $words): void
    {
        $insert = $this->database->prepare('insert into entry values (?, ?)');
        $insert->execute([mb_substr($name, 0, 80), mb_substr($words, 0, 500)]);
    }

    /** @return array<array{name: string, words: string}> */
    public function entries(): array
    {
        return $this->database->query('select name, words from entry order by rowid desc')->fetchAll(PDO::FETCH_ASSOC);
    }
}
