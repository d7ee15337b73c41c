const { convert, units } = require("@measures/units");

for (const unit of units) {
  console.log(`1 mi = ${convert(1, "mi", unit)} ${unit}`);
}
