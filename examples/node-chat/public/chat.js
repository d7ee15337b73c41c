const socket = new WebSocket(`ws://${location.host}/chat`);
const [form, list] = [document.querySelector("form"), document.querySelector("ol")];

socket.addEventListener("message", ({ data }) => {
  list.append(Object.assign(document.createElement("li"), { textContent: data }));
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  socket.send(form.elements[0].value);
  form.reset();
});
