// What everybody in a course sees, also who answers exercises: without the views of those who teach.
export { CourseFrame } from './course-frame'
export { ExerciseFrame } from './exercise-frame'
export { ExercisePage } from './exercise-page'
export { Exercises } from './exercises'
