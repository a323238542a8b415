/** Water over a weir: two streams that step down past a gauge. */
export function WeirMark({ sizePx = 22 }: { sizePx?: number }) {
  return (
    <svg width={sizePx} height={sizePx} viewBox="0 0 24 24" fill="none" strokeLinecap="round" aria-hidden="true">
      <path
        d="M2 7h7.500c2.500 0 3 1.500 3.500 3.500s1.300 3.500 3.500 3.500H22"
        stroke="var(--accent)"
        strokeWidth="2.200"
      />
      <path
        d="M2 12.500h4c2.500 0 3 1.200 3.500 2.700s1.300 2.800 3.500 2.800h5"
        stroke="var(--accent)"
        strokeWidth="2.200"
        opacity="0.6"
      />
      <path d="M15 5.500h5" stroke="var(--t2)" strokeWidth="2.200" />
    </svg>
  )
}
