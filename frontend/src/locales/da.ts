const files = import.meta.glob<object>(['./da/*.json', '!./da/(import|history|codes|problems).json'], {
  eager: true,
  import: 'default',
})
export default Object.assign({}, ...Object.values(files)) as object
