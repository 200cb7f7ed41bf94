// The views of an exercise in which a class is seen, which come as one part.
export { ClassAnswers } from './class'
export { Board } from './page'
