const output = document.querySelector("output");

for (const button of document.querySelectorAll("button")) {
  button.addEventListener("click", async () => {
    await fetch(`/baskets/mine/${button.dataset.thing}`, { method: "POST" });
    output.value = (await (await fetch("/baskets/mine")).json()).total;
  });
}
