// The views of a course, which come as one part.
export { CourseFrame } from './course-frame'
export { CourseSettings } from './course-settings'
export { Groups } from './groups'
export { JoinByCode, JoinByLink } from './join'
export { People } from './people'
export { Slide } from './slide'
