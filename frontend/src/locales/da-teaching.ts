// The words of the classroom, which come with the first of its views.
const files = import.meta.glob<object>('./da/{answering,board,courses,exercises}.json', { eager: true, import: 'default' })
export default Object.assign({}, ...Object.values(files)) as object
