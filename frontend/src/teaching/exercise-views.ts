// The views of an exercise for those who teach, which come as one part.

export { Codes } from './exercise-codes'
export { ExerciseFrame } from './exercise-frame'
export { Notes } from './exercise-notes'
export { ExercisePage } from './exercise-page'
export { SetUp } from './exercise-set-up'
export { Exercises } from './exercises'
