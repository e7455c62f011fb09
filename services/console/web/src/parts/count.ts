// How whole numbers are written. A minus is a minus sign, as wide as the plus.
export function count(value: number, signed = false): string {
  const digits = String(Math.abs(value)).replace(/\B(?=(\d{3})+$)/g, ",");
  if (value < 0) return `−${digits}`;
  return signed && value > 0 ? `+${digits}` : digits;
}
