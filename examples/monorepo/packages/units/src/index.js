const METRES = { m: 1, km: 1000, ft: 0.3048, mi: 1609.344 };

function convert(value, from, to) {
  if (!(from in METRES) || !(to in METRES)) {
    throw new RangeError(`unknown unit: ${from} or ${to}`);
  }
  return (value * METRES[from]) / METRES[to];
}

module.exports = { convert, units: Object.keys(METRES) };
