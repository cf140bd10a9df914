/**
 * Runs all contenders once in each round, each time in another order, and throws the first round away. A contender for
 * which that first round gave nothing is left out of the others.
 */
export const interleave = async <TContender, TResult>(
  contenders: readonly TContender[],
  rounds: number,
  measure: (contender: TContender) => Promise<TResult | null>,
): Promise<Map<TContender, TResult[]>> => {
  const results = new Map<TContender, TResult[]>(contenders.map((contender) => [contender, []]))
  let remaining = contenders.slice()
  for (let round = 0; round <= rounds; round += 1) {
    const order = remaining.map((contender) => ({ contender, rank: Math.random() }))
    order.sort((one, other) => one.rank - other.rank)
    for (const { contender } of order) {
      const result = await measure(contender)
      if (result === null) remaining = remaining.filter((each) => each !== contender)
      else if (round > 0) results.get(contender)?.push(result)
    }
  }
  return results
}
