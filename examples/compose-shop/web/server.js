const path = require("node:path");
const express = require("express");
const { createProxyMiddleware } = require("http-proxy-middleware");

const app = express();
app.use("/baskets", createProxyMiddleware({ target: process.env.API || "http://localhost:5000" }));
app.use(express.static(path.join(__dirname, "public")));
app.listen(8080, () => console.log("shop on 8080"));
