import classes from './swatch.module.css'

/** A filled square for bars and names, a short stroke for lines. The name beside it says the same in words. */
export function Swatch({ colour, shape = 'square' }: { colour: string; shape?: 'square' | 'line' | 'band' }) {
  return <i className={classes[shape]} style={{ '--colour': colour }} aria-hidden="true" />
}
