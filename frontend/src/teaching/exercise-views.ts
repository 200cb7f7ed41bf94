// The views of an exercise for those who teach, which come as one part.

export { Codes } from './exercise-codes'
export { Notes } from './exercise-notes'
export { SetUp } from './exercise-set-up'
export { Overview } from './overview'
