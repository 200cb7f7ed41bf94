// The views of a course beside its exercises, which come as one part.
export { CourseSettings } from './course-settings'
export { Groups } from './groups'
export { JoinByCode, JoinByLink } from './join'
export { People } from './people'
export { Slide } from './slide'
