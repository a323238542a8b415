export { mutatedValues, plainValues, styledValues } from './log-values.ts'
