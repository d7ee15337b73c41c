const fastify = require("fastify");
const { convert, units } = require("@measures/units");

const server = fastify({ logger: true });

server.get("/units", async () => units);
server.get("/convert/:value/:from/:to", async (request) => {
  const { value, from, to } = request.params;
  return { value: convert(Number(value), from, to) };
});

server.listen({ host: "0.0.0.0", port: 4000 });
