// Runs queries with ClickHouse in this process: pairs of a file with the query and a file for its rows.
const fs = require("fs");
const { query } = require("chdb");

const files = process.argv.slice(2);
for (let i = 0; i < files.length; i += 2) {
  fs.writeFileSync(files[i + 1], query(fs.readFileSync(files[i], "utf8"), "TSVRaw"));
}
