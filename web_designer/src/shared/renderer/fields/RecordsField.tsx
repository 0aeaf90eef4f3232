/** An input that points to several records: what is chosen as chips, and a box that finds one more. */
import { useEffect, useRef, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { label } from "@/shared/i18n/label";
import { Icon } from "@/shared/ui/Icon";
import { useForm, useValue } from "../FormContext";
import { Initials } from "../Initials";
import { besideKey, entriesOf, isOfPeople, titlesOf } from "../pointing";
import { RecordPicker } from "./RecordPicker";
import type { FieldProps } from "./types";
import "../lists.css";

export function RecordsField({ field, path, inputId, aria }: FieldProps): JSX.Element {
  const { t } = useTranslation("lists");
  const { store, model, language, mode } = useForm();
  const value = useValue(path);
  const besidePath = path.slice(0, path.length - field.key.length) + besideKey(field);
  const titles = titlesOf(value, useValue(besidePath));
  const ids = entriesOf(value);
  const hasPicked = useRef(false);
  const name = label(field.name, language, field.key);
  const put = (next: readonly string[], shown: readonly string[]): void => store.setList(path, next, shown);
  const remove = (place: number): void => {
    put(ids.filter((_, at) => at !== place), titles.filter((_, at) => at !== place));
    document.getElementById(inputId)?.focus();
  };
  useEffect(() => {
    // The box is made anew for the next pick; whoever chose goes on choosing.
    if (hasPicked.current) document.getElementById(inputId)?.focus();
    hasPicked.current = false;
  }, [ids.length, inputId]);
  return (
    <div className="records-box">
      {ids.length === 0 ? null : (
        <ul className="records-chosen" aria-label={t("chosen", { name })}>
          {ids.map((id, place) => (
            <li key={id} className="chip">
              {isOfPeople(field) ? <Initials name={titles[place] ?? ""} /> : null}
              <span>{titles[place]}</span>
              <button type="button" className="chip-remove" aria-label={t("remove", { name: titles[place] })} onClick={() => remove(place)}>
                <Icon name="close" size={12} />
              </button>
            </li>
          ))}
        </ul>
      )}
      <RecordPicker
        key={ids.length}
        app={model.app}
        field={field}
        fields={field.to_title ? [field.to_title] : []}
        inputId={inputId}
        aria={aria}
        isActive={mode === "edit"}
        canClear={false}
        listLabel={name}
        text=""
        onAwait={() => store.awaited.begin()}
        onPick={(picked) => {
          if (picked === null || ids.includes(picked.id)) return;
          hasPicked.current = true;
          put([...ids, picked.id], [...titles, picked.title]);
        }}
      />
    </div>
  );
}
