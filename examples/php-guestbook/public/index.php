<?php

require __DIR__ . '/../src/Guestbook.php';

$book = new Guestbook(__DIR__ . '/../data/guestbook.sqlite');

if (parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH) === '/health') {
    header('Content-Type: application/json');
    echo json_encode(['entries' => count($book->entries())]);
    exit;
}
if ($_SERVER['REQUEST_METHOD'] === 'POST') {
    $book->add($_POST['name'] ?? '', $_POST['words'] ?? '');
    header('Location: /');
    exit;
}
?>
<!doctype html>
<title>Guestbook</title>
<form method="post"><input name="name"><textarea name="words"></textarea><button>Sign</button></form>
<?php foreach ($book->entries() as $entry) : ?>
  <p><b><?= htmlspecialchars($entry['name']) ?></b> <?= htmlspecialchars($entry['words']) ?></p>
<?php endforeach ?>
