// EXAMPLE AMOUNTS, invented for the story and marked 示例金额 on the page. The source text hides every amount;
// none of these is, or follows from, a rate of any policy.
export const EXAMPLE = {
  upperOnly: { total: '18260', fundPaid: '12430' },
  upper: { total: '11850', fundPaid: '7940' },
  township: { total: '2460', fundPaid: '1980' },
}
