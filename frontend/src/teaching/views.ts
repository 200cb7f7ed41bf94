// The views of a course, which come as one part.
export { CourseFrame } from './course-frame'
export { People } from './people'
