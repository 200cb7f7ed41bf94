import { useTranslation } from 'react-i18next'
import type { Schemas } from '../api/client'

type Signed = Pick<Schemas['Feedback'], 'mark' | 'comment' | 'markBy' | 'commentBy'>

/** What whoever wrote feedback is called within a sentence; undefined where that isn't known any more. */
export function useSignature(): (by: Schemas['Signature'] | undefined) => string | undefined {
  const { t } = useTranslation()
  return (by) => by && (by.me ? t('signature.you') : by.name)
}

/** Who wrote the comment, and who the mark. */
export function Signatures({ of: { mark, comment, markBy, commentBy } }: { of: Signed }) {
  const { t } = useTranslation()
  const called = useSignature()
  const [ofComment, ofMark] = [comment !== '' && called(commentBy), mark !== '' && called(markBy)]
  const words = [
    ofComment && t('signature.comment', { name: ofComment }),
    ofMark && t('signature.mark', { name: ofMark }),
  ].filter(Boolean)
  if (words.length === 0) return null
  return <p className="xs muted">{words.join(' · ')}</p>
}
