import { useMediaQuery } from '@mantine/hooks'

/** Whether there is room for one column alone, as on a phone. */
export const useNarrow = () => useMediaQuery('(max-width: 860px)', matchMedia('(max-width: 860px)').matches) ?? false
