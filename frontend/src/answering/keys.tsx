import { useTranslation } from 'react-i18next'
import { Dialog } from '../ui/dialog'

const groups = {
  prompts: { next: ['J', 'Alt Page Down'], previous: ['K', 'Alt Page Up'], nth: ['1', '…', '9'], answer: ['A'], leave: ['Esc'] },
  evidence: { find: ['E', '/'], block: ['J', 'K'], select: ['V'], edge: ['O'], widen: ['←', '→', '↑', '↓'], use: ['Enter'] },
} as const

/** All keys of the page. */
export function Keys({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Dialog title={t('answer.keys.title')} onClose={onClose}>
      {Object.entries(groups).map(([group, keys]) => (
        <section key={group} className="ans__keylist">
          <h3>{t(`answer.keys.${group}`)}</h3>
          <dl>
            {Object.entries(keys).map(([does, pressed]) => (
              <div key={does}>
                <dt>
                  {pressed.map((key: string) => (
                    <kbd key={key}>{key}</kbd>
                  ))}
                </dt>
                <dd>{t(`answer.keys.${does}`)}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <p className="sm muted">{t('answer.keys.lead')}</p>
    </Dialog>
  )
}
