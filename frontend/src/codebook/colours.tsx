import { useTranslation } from 'react-i18next'
import { Tile } from '../ui/tile'

const slots = Array.from({ length: 12 }, (_, i) => i + 1)

type Props = { colour: number; letter: string; sub: boolean; onChange: (colour: number) => void }

/** The twelve colours of codes, and how words look that have the chosen one. */
export function Colours({ colour, letter, sub, onChange }: Props) {
  const { t } = useTranslation()
  return (
    <fieldset className="colours">
      <legend>{t('codeEdit.colour')}</legend>
      <div className="colours__all">
        {slots.map((slot) => (
          <label key={slot} title={t(`colour.${slot}`)}>
            <input
              type="radio"
              name="colour"
              className="sr"
              aria-label={t(`colour.${slot}`)}
              checked={slot === colour}
              onChange={() => onChange(slot)}
            />
            <Tile code={{ colour: slot, letter: slot === colour ? letter : '', parentId: sub ? 'sub' : '' }} />
          </label>
        ))}
      </div>
      <p className="colours__words">
        {t('codeEdit.sampleBefore')}{' '}
        <mark className="coded" data-c={colour}>
          {t('codeEdit.sample')}
        </mark>
        {t('codeEdit.sampleAfter')}
      </p>
    </fieldset>
  )
}
