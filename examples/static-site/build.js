const fs = require("node:fs");
const path = require("node:path");
const { marked } = require("marked");

const theme = fs.readFileSync("theme/page.html", "utf8");
fs.mkdirSync("public", { recursive: true });
for (const name of fs.readdirSync("pages")) {
  const body = marked.parse(fs.readFileSync(path.join("pages", name), "utf8"));
  fs.writeFileSync(path.join("public", name.replace(/\.md$/, ".html")), theme.replace("<!-- body -->", body));
}
fs.copyFileSync("theme/style.css", "public/style.css");
